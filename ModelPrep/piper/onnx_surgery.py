"""Finding and cutting parts of an ONNX graph by structure."""
from onnx import helper

from preparation import PreparationError


class Index:
    """Who makes and who uses each value of a graph."""

    def __init__(self, graph):
        self.graph = graph
        self.producer = {name: node for node in graph.node for name in node.output}
        self.consumers = {}
        for node in graph.node:
            for name in node.input:
                self.consumers.setdefault(name, []).append(node)

    def upstream(self, values, stop=()):
        """Names of the values that `values` are computed from, themselves included; not beyond those in `stop`."""
        seen, pending = set(), list(values)
        while pending:
            name = pending.pop()
            if name and name not in seen:
                seen.add(name)
                node = self.producer.get(name)
                if node is not None and name not in stop:
                    pending.extend(node.input)
        return seen

    def nodes(self, operator):
        return [node for node in self.graph.node if node.op_type == operator]

    def only(self, nodes, what):
        """The one element of `nodes`."""
        if len(nodes) != 1:
            raise PreparationError(f"found {len(nodes)} of {what}, want one: not the VITS graph that Piper exports")
        return nodes[0]


def attribute(node, name, default=None):
    """The value of a node's attribute."""
    for item in node.attribute:
        if item.name == name:
            return helper.get_attribute_value(item)
    return default


def rename_input(nodes, old, new):
    """Makes every node that reads `old` read `new`."""
    for node in nodes:
        for index, name in enumerate(node.input):
            if name == old:
                node.input[index] = new


def rename_output(nodes, old, new):
    """Makes the node that writes `old` write `new`."""
    for node in nodes:
        for index, name in enumerate(node.output):
            if name == old:
                node.output[index] = new


def subgraph(model, name, inputs, outputs, metadata):
    """The part of `model` between value infos `inputs` and `outputs` as a model of its own."""
    index = Index(model.graph)
    wanted = index.upstream([value.name for value in outputs], {value.name for value in inputs})
    names = {value.name for value in inputs}
    nodes = [node for node in model.graph.node if any(out in wanted and out not in names for out in node.output)]
    weights = [weight for weight in model.graph.initializer if weight.name in wanted and weight.name not in names]
    used = [value for value in inputs if value.name in wanted]
    foreign = wanted & {value.name for value in model.graph.input} - names
    if foreign:
        raise PreparationError(f"the {name} also needs {', '.join(sorted(foreign))}: the graph is cut at a wrong place")
    graph = helper.make_graph(nodes, name, used, outputs, weights)
    part = helper.make_model(graph, opset_imports=model.opset_import, producer_name="rkvoice")
    part.ir_version = model.ir_version
    helper.set_model_props(part, metadata)
    return part
