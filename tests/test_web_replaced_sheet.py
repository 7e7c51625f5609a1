"""The page of a sheet that another one replaced."""

from __future__ import annotations

from litestar.testing import TestClient
from sqlalchemy import select

from operations.branch_sheets import find_successor
from operations.demonstration_data import PASSWORD, PUBLIC_RUC, RUC
from operations.house import House
from operations.regenerating import regenerate_case
from operations.users import User, UserRole
from storage.schema import SheetRow
from tests.operations_samples import accepted, received_and_read
from web.application import make_application


def test_a_replaced_sheet_names_the_one_in_its_place(house: House) -> None:
    case = received_and_read(house)
    assert accepted(house, case) == ()
    regenerate_case(house, case)
    with house.database.reading() as session:
        query = select(SheetRow.number, SheetRow.replaced_by).where(
            SheetRow.ruc == RUC, SheetRow.replaced_by.is_not(None), SheetRow.type == "contributions"
        )
        old, new = session.execute(query).one()
    with TestClient(make_application(house)) as client:
        client.get("/acceso")
        token = client.cookies["csrftoken"]
        data = {"ruc": RUC, "sucursal": "0001", "clave": PASSWORD, "_csrf_token": token}
        assert client.post("/acceso", data=data, follow_redirects=False).status_code == 303
        page = client.get(f"/portal/planillas/{old}")
        assert page.status_code == 200
        assert "reemplazada" in page.text
        assert f'href="/portal/planillas/{new}"' in page.text
        assert client.get(f"/portal/planillas/{new}").status_code == 200
    stranger = User(f"{PUBLIC_RUC}/0001", "Otra", UserRole.EMPLOYER, PUBLIC_RUC, "0001")
    assert find_successor(house, stranger, str(old)) is None
