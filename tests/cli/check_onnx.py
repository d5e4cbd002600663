"""check_onnx.py MODEL [ITEMS] - runs the examples beside MODEL in onnxruntime: what comes out must equal what seqrec says to 1e-5. Exit code 77: a package is missing."""
import json
import sys

try:
    import numpy
    import onnx
    import onnxruntime
except ImportError as missing:
    print(f"skipped: {missing} (scripts/setup --tests)")
    sys.exit(77)

path = sys.argv[1]
model = onnx.load(path)
onnx.checker.check_model(model, full_check=True)
assert model.opset_import[0].version == 17 and model.producer_name == "seqrec"
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
worst = count = 0
lengths = set()
for line in open(path + ".examples.jsonl"):
    example = json.loads(line)
    inputs = {
        one.name: numpy.array(example["inputs"][one.name], dtype=numpy.int64 if one.type == "tensor(int64)" else numpy.float32) for one in session.get_inputs()
    }
    lengths.add(max(len(value) for value in inputs.values()))
    names = [one.name for one in session.get_outputs()]
    assert sorted(names) == sorted(example["outputs"]), names
    for name, got in zip(names, session.run(None, inputs)):
        wanted = numpy.array(example["outputs"][name], dtype=numpy.float32)
        assert got.shape == wanted.shape, (name, got.shape, wanted.shape)
        scale = max(1, abs(wanted).max())
        worst = max(worst, abs(got - wanted).max() / scale)
    count += 1
assert count > 1, "no examples"
assert len(lengths) > 1, "all examples are of one length"
assert worst <= 1e-5, worst
print(f"{count} examples of {', '.join(names)}, worst difference {worst:.2g}")
