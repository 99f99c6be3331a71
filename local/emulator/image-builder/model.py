"""Writes the part of Image Builder's service model that the local cloud speaks, one line a shape, to model.json beside it.

Run it with the Python that has botocore, after a new version of it: python local/emulator/image-builder/model.py
"""

import json
import pathlib
import re

import botocore.loaders

# what the local cloud has not: lifecycle policies, workflows, scans, imports and the Marketplace
LEFT_OUT = re.compile("Lifecycle|Workflow|Scan|Marketplace|Import|Packages|ResourceStateUpdate|DistributeImage|RetryImage")


def bare(value):
    """A value of the model without its texts for people."""
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items() if key != "documentation"}
    return [bare(inner) for inner in value] if isinstance(value, list) else value


def reached(shapes, names):
    """The names of all shapes that some shapes are made of, themselves too."""
    found, open_names = set(), list(names)
    while open_names:
        name = open_names.pop()
        if name in found:
            continue
        found.add(name)
        shape = shapes[name]
        parts = [shape[part] for part in ("member", "key", "value") if part in shape]
        open_names += [part["shape"] for part in [*parts, *shape.get("members", {}).values()]]
    return found


def lines(entries):
    return ",\n".join(f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in sorted(entries.items()))


model = botocore.loaders.Loader().load_service_model("imagebuilder", "service-2")
operations = {
    name: {
        "http": operation["http"],
        "input": operation["input"]["shape"],
        "output": operation["output"]["shape"],
    }
    for name, operation in model["operations"].items()
    if not LEFT_OUT.search(name)
}
named = [name for one in operations.values() for name in (one["input"], one["output"])]
# all of them: what an operation answers is not always in its own list
errors = [name for name, shape in model["shapes"].items() if shape.get("exception")]
shapes = {name: bare(model["shapes"][name]) for name in reached(model["shapes"], [*named, *errors])}
text = f'{{"operations":{{\n{lines(operations)}\n}},"shapes":{{\n{lines(shapes)}\n}}}}\n'
pathlib.Path(__file__).with_name("model.json").write_text(text)
