"""How the models beside this file were made: python 3.11, scikit-learn 1.9.1, skl2onnx 1.20.0, lightgbm 4.7.0, onnxmltools 1.16.0, onnx 1.17.0.

    python make.py

Each model has a .json beside it with rows and what the library that made it says of them. The broken ones are made from good ones. Millwright itself
needs no Python.
"""

import json
import numpy as np
import onnx
from lightgbm import LGBMRegressor
from onnx import TensorProto, helper, numpy_helper
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType as LightFloat
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(1)
x = rng.normal(size=(400, 3)).astype(np.float32)
y = (2 * x[:, 0] + np.abs(x[:, 1])).astype(np.float32)
rows = x[:20]


def keep(name, model, expected):
    onnx.save(model, name + ".onnx")
    with open(name + ".json", "w") as out:
        json.dump({"rows": rows.astype(float).tolist(), "expected": np.asarray(expected, float).round(7).tolist()}, out)


forest = RandomForestClassifier(n_estimators=5, max_depth=4, random_state=1).fit(x, (y > 0).astype(int))
keep("sklearn-forest", to_onnx(forest, x[:1], options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3}), forest.predict_proba(rows)[:, 1])
onnx.save(to_onnx(forest, x[:1], target_opset={"": 17, "ai.onnx.ml": 3}), "sklearn-zipmap.onnx")

network = make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(8,), random_state=1, max_iter=300)).fit(x, y)
keep("sklearn-network", to_onnx(network, x[:1], target_opset=17), network.predict(rows))

light = LGBMRegressor(n_estimators=10, num_leaves=7, verbose=-1, random_state=1).fit(x, y)
keep("lightgbm", convert_lightgbm(light, initial_types=[("input", LightFloat([None, 3]))], target_opset=15), light.predict(rows))

# Takes the last four readings of two signals, [rows, 4, 2], and gives their weighted sum: what a recurrent model's file looks like from outside.
w = numpy_helper.from_array(np.arange(1, 9, dtype=np.float32).reshape(1, 4, 2), "w")
window = helper.make_graph(
    [helper.make_node("Mul", ["x", "w"], ["p"]), helper.make_node("ReduceMean", ["p"], ["y"], axes=[1, 2], keepdims=0)],
    "window",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 4, 2])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None])],
    [w],
)
opset = [helper.make_opsetid("", 17)]
onnx.save(helper.make_model(window, opset_imports=opset, ir_version=8), "window.onnx")


def odd(name, op, domain, extra=()):
    graph = helper.make_graph(
        [helper.make_node(op, ["x"], ["y"], domain=domain)],
        name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 3])],
    )
    onnx.save(helper.make_model(graph, opset_imports=opset + list(extra), ir_version=8), name + ".onnx")


odd("unknown-domain", "Frobnicate", "com.example", [helper.make_opsetid("com.example", 1)])
odd("unknown-operator", "Frobnicate", "")

weights = numpy_helper.from_array(np.ones((3, 1), np.float32), "w")
weights.ClearField("raw_data")
weights.data_location = TensorProto.EXTERNAL
entry = weights.external_data.add()
entry.key, entry.value = "location", "../../etc/passwd"
graph = helper.make_graph(
    [helper.make_node("MatMul", ["x", "w"], ["y"])],
    "external",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 3])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1])],
    [weights],
)
with open("external-data.onnx", "wb") as out:
    out.write(helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())
