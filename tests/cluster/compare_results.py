#!/usr/bin/python3
"""Whether two result files hold the same bits: compare_results.py FIRST SECOND

Everything is compared, datasets and attributes, except what says where a result comes from: the group
/provenance, the root attribute `history`, and the attribute `origin` of parameters, which names the file
and line of a value (a submitted run reads its config from its own folder).
"""
import sys

import h5py
import numpy

PROVENANCE = {("/", "history"), ("/", "provenance")}


def attributes(node):
    return {
        name: node.attrs[name]
        for name in node.attrs
        if (node.name, name) not in PROVENANCE
        and not (node.name.startswith("/parameters/") and name == "origin")
        # Links between datasets and their scales are addresses in the file.
        and name not in ("REFERENCE_LIST", "DIMENSION_LIST")
    }


def bits(value):
    array = numpy.asarray(value)
    if array.dtype.kind in "OSU":
        return [str(text) for text in array.ravel()]
    return (array.dtype.str, array.shape, array.tobytes())


def contents(file):
    """Every group and dataset by name, with its attributes and bits."""
    found = {"/": ({k: bits(v) for k, v in attributes(file).items()}, None)}

    def visit(name, node):
        if name.split("/")[0] == "provenance":
            return
        data = bits(node[()]) if isinstance(node, h5py.Dataset) else None
        found[name] = ({k: bits(v) for k, v in attributes(node).items()}, data)

    file.visititems(visit)
    return found


def main():
    with h5py.File(sys.argv[1], "r") as first, h5py.File(sys.argv[2], "r") as second:
        a, b = contents(first), contents(second)
    different = sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))
    for name in different:
        print(f"{name} differs between {sys.argv[1]} and {sys.argv[2]}", file=sys.stderr)
    if "series" not in a or len(a) < 20:
        sys.exit(f"{sys.argv[1]} is no whole result")
    if different:
        sys.exit(1)
    print(f"{sys.argv[2]}: all {len(a)} groups and datasets have the bits of {sys.argv[1]}")


main()
