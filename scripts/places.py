#!/usr/bin/env python3
"""Writes the place files of server/data/places from the dataset of the Python package vietnamadminunits.

Run once for each new version of the dataset; the files it writes are kept in the repository. Needs Python 3 alone:

    pip download --no-deps vietnamadminunits==1.0.4
    python3 -m zipfile -e vietnamadminunits-1.0.4-py3-none-any.whl package
    python3 scripts/places.py package/vietnamadminunits/data server/data/places

before.csv   units until 30 June 2025: provinces, districts, communes
now.csv      units since 1 July 2025: provinces, communes
successors.csv   which commune of today holds which one of before; `main` is yes for the one that holds most of it

Lines are sorted, so that another version of the dataset shows as a small difference.
"""

import csv
import json
import sqlite3
import sys
import unicodedata
from pathlib import Path

KINDS = ["Tỉnh", "Thành phố", "Quận", "Huyện", "Thị xã", "Phường", "Thị trấn", "Xã", "Đặc khu"]


def named(text):
    """Returns kind and whole name; the dataset writes a few kinds with two capitals ("Thành Phố Đồng Hới")."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    for kind in KINDS:
        if text.lower().startswith(kind.lower() + " "):
            return kind, kind + text[len(kind):]
    raise SystemExit(f"no kind known for {text!r}")


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(sorted(rows))


def main(source, target):
    database = sqlite3.connect(source / "dataset.db")
    before, keys = set(), {}
    for row in database.execute(
        "SELECT provinceCode, province, districtCode, district, wardCode, ward, provinceKey, districtKey, wardKey "
        "FROM admin_units_legacy"
    ):
        province_code, province, district_code, district, code, name, *key = row
        before.add((province_code, named(province)[1], ""))
        before.add((district_code, named(district)[1], province_code))
        if code is not None:
            before.add((code, named(name)[1], district_code))
        # An island district without communes stands for itself.
        keys["_".join(part or "" for part in key)] = code or district_code

    now, new_keys = set(), {}
    for row in database.execute(
        "SELECT provinceCode, province, wardCode, ward, provinceKey, wardKey FROM admin_units"
    ):
        province_code, province, code, name, province_key, key = row
        now.add((province_code, named(province)[1], ""))
        now.add((code, named(name)[1], province_code))
        new_keys[(province_key, key)] = code

    converter = json.loads((source / "converter_2025.json").read_text(encoding="utf-8"))
    successors = set()
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, olds in communes.items():
            for old in olds:
                successors.add((keys[old], new_keys[(province, new)], "yes"))
    for province, communes in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, news in communes.items():
            for new in news:
                main_part = "yes" if new["isDefaultNewWard"] else "no"
                successors.add((keys[old], new_keys[(province, new["newWardKey"])], main_part))

    write(target / "before.csv", ["code", "name", "parent"], before)
    write(target / "now.csv", ["code", "name", "parent"], now)
    write(target / "successors.csv", ["old", "new", "main"], successors)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
