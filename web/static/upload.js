// Reception: files go out in pieces as soon as they are chosen, and a broken connection costs a piece at
// most. Without this file the form is an ordinary one and its button sends everything.
const PIECE = 512 * 1024;
const PATIENCE = 30000;
const LONGEST_PAUSE = 8000;
const form = document.getElementById("recepcion");

class Refused extends Error {}

if (form) {
  const token = form.querySelector("[name=_csrf_token]").value;
  const chooser = document.getElementById("archivos");
  const list = document.getElementById("envios");
  const status = document.getElementById("aviso-envio");
  const fault = document.getElementById("fallo-envio");
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
  const entries = [];
  let sending = false;

  chooser.required = false;
  for (const hint of form.querySelectorAll(".scripts-only")) hint.hidden = false;

  const ask = (path, options) => fetch(path, {
    ...options,
    headers: { "x-csrftoken": token, ...options.headers },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const asJson = (body) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  // Wait a growing while, or until the network is back.
  const pause = (milliseconds) => new Promise((go) => {
    const timer = setTimeout(go, milliseconds);
    addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
  });

  async function explain(answer) {
    if (answer.redirected || answer.status === 401) return "Su sesión terminó. Por favor ingrese otra vez.";
    try {
      return (await answer.json()).detail;
    } catch {
      return "El servicio no aceptó el archivo. Por favor vuelva a elegirlo.";
    }
  }

  function show(entry, text) {
    entry.bar.value = entry.sent;
    entry.text.textContent = text;
  }

  async function create(entry) {
    const answer = await ask("/ventanilla/cargas", asJson({ nombre: entry.file.name, bytes: entry.file.size }));
    if (answer.status >= 500) throw new Error("later");
    if (answer.status !== 201) throw new Refused(await explain(answer));
    entry.id = (await answer.json()).id;
    entry.sent = 0;
  }

  // How far the service has it on disk: asked after every doubt, never guessed.
  async function resume(entry) {
    const answer = await ask(`/ventanilla/cargas/${entry.id}`, { method: "HEAD" });
    if (answer.redirected) throw new Refused(await explain(answer));
    if (answer.status === 404) entry.id = null;
    else if (answer.status !== 204) throw new Error("later");
    else entry.sent = Number(answer.headers.get("upload-offset"));
  }

  async function append(entry) {
    const answer = await ask(`/ventanilla/cargas/${entry.id}`, {
      method: "PATCH",
      headers: { "content-type": "application/partial-upload", "upload-offset": String(entry.sent) },
      body: entry.file.slice(entry.sent, entry.sent + PIECE),
    });
    if (answer.status === 204 || answer.status === 409) entry.sent = Number(answer.headers.get("upload-offset"));
    else if (answer.status === 404) entry.id = null;
    else if (answer.status >= 500) throw new Error("later");
    else throw new Refused(await explain(answer));
  }

  async function send(entry) {
    let wait = 500;
    let doubt = false;
    while (!entry.gone && (!entry.id || entry.sent < entry.file.size)) {
      try {
        if (!entry.id) await create(entry);
        else if (doubt) await resume(entry);
        else await append(entry);
        doubt = false;
        wait = 500;
        show(entry, `${Math.floor((100 * entry.sent) / entry.file.size)} %`);
      } catch (error) {
        if (error instanceof Refused) throw error;
        doubt = true;
        show(entry, "Se cortó la conexión; sigue por sí solo desde donde quedó…");
        await pause(wait);
        wait = Math.min(2 * wait, LONGEST_PAUSE);
      }
    }
    if (entry.gone) return;
    show(entry, "enviado");
    status.textContent = `${entry.file.name}: enviado`;
  }

  function remove(entry) {
    entry.gone = true;
    entries.splice(entries.indexOf(entry), 1);
    entry.row.remove();
    if (entry.id) ask(`/ventanilla/cargas/${entry.id}`, { method: "DELETE" }).catch(() => {});
    if (!entries.length) chooser.focus();
  }

  function add(file) {
    if (sending) return;
    const entry = { file, id: null, sent: 0, gone: false };
    entry.row = document.createElement("li");
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = file.name;
    entry.bar = document.createElement("progress");
    entry.bar.max = file.size || 1;
    entry.bar.value = 0;
    entry.bar.setAttribute("aria-label", `Envío de ${file.name}`);
    entry.text = document.createElement("span");
    entry.text.className = "state";
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "link";
    drop.textContent = "Quitar";
    drop.setAttribute("aria-label", `Quitar ${file.name}`);
    drop.addEventListener("click", () => remove(entry));
    entry.row.append(name, entry.bar, entry.text, drop);
    list.append(entry.row);
    entries.push(entry);
    fault.hidden = true;
    entry.done = send(entry).catch((error) => {
      if (entry.gone) return;
      entry.failed = true;
      entry.text.textContent = error.message;
      entry.row.classList.add("failed");
      status.textContent = `${file.name}: ${error.message}`;
    });
    document.getElementById("recibir").focus();
  }

  async function finish() {
    await Promise.all(entries.map((entry) => entry.done));
    if (entries.some((entry) => entry.failed)) throw new Refused("Hay archivos que no se pueden recibir. Por favor quítelos de la lista y siga con los demás.");
    for (let wait = 500; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      try {
        const answer = await ask(form.dataset.recibir || "/ventanilla/cargas/recibir", asJson({ cargas: entries.map((entry) => entry.id), clave: key, version: form.elements.version?.value ?? "" }));
        if (answer.status === 202) return (await answer.json()).href;
        if (answer.status < 500) throw new Refused(await explain(answer));
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      status.textContent = "Se cortó la conexión; se vuelve a intentar…";
      await pause(wait);
    }
  }

  chooser.addEventListener("change", () => {
    for (const file of chooser.files) add(file);
    chooser.value = "";
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    if (!entries.length) {
      fault.textContent = "No se eligió ningún archivo. Por favor elija el escaneo de los papeles.";
      fault.hidden = false;
      chooser.focus();
      return;
    }
    sending = true;
    const button = document.getElementById("recibir");
    const label = button.textContent;
    button.textContent = "Recibiendo…";
    try {
      location.href = await finish();
    } catch (error) {
      sending = false;
      button.textContent = label;
      fault.textContent = error.message;
      fault.hidden = false;
    }
  });

  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    for (const file of event.dataTransfer.files) add(file);
  });
  // A file dropped beside the form must not take the place of the page.
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());

  setUpCamera(add, fault);
}

// Pages photographed with the computer's camera; browsers allow it on this machine or over HTTPS only.
function setUpCamera(add, fault) {
  const opener = document.getElementById("abrir-camara");
  const panel = document.getElementById("camara");
  const video = document.getElementById("camara-imagen");
  const shutter = document.getElementById("tomar");
  let stream = null;
  let count = 0;
  if (!navigator.mediaDevices?.getUserMedia) return;
  opener.hidden = false;

  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    panel.hidden = true;
    shutter.disabled = true;
    opener.hidden = false;
  };
  opener.addEventListener("click", async () => {
    try {
      const wanted = { facingMode: "environment", width: { ideal: 4096 }, height: { ideal: 3072 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
    } catch {
      fault.textContent = "No se pudo usar la cámara. Por favor permítala en el navegador o elija un archivo.";
      fault.hidden = false;
      return;
    }
    video.srcObject = stream;
    panel.hidden = false;
    opener.hidden = true;
  });
  video.addEventListener("loadeddata", () => { shutter.disabled = false; shutter.focus(); });
  document.getElementById("cerrar-camara").addEventListener("click", () => { close(); opener.focus(); });
  shutter.addEventListener("click", () => {
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((blob) => {
      count += 1;
      add(new File([blob], `foto-${count}.jpg`, { type: "image/jpeg" }));
      shutter.focus();
    }, "image/jpeg", 0.92);
  });
  addEventListener("pagehide", close);
}
