#!/usr/bin/env python3
"""Reads a file of ours with the official safetensors package.  check_safetensors.py DRIVER; exit code 77: the package is not there."""
import os, subprocess, sys, tempfile
try:
    import numpy as np
    from safetensors import safe_open
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

SHAPES = {"a.f32": ("float32", (2, 3, 4)), "b.f64": ("float64", (5,)), "c.i64": ("int64", (3, 1)), "d.u32": ("uint32", (4,)), "e.u8": ("uint8", (7,)),
          "f.none": ("float32", (0, 4)), "g.one": ("float64", ())}
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "ours.safetensors")
    subprocess.run([sys.argv[1], path], check=True)
    with safe_open(path, "numpy") as file:
        assert file.metadata()["format"] == "pt"
        assert file.metadata()["said"] == 'quotes " and 购买', file.metadata()
        assert sorted(file.keys()) == sorted(SHAPES), list(file.keys())
        for name, (dtype, shape) in SHAPES.items():
            got = file.get_tensor(name)
            want = (np.arange(np.prod(shape, dtype=int)) + .5).astype(dtype).reshape(shape)
            assert got.dtype == dtype and got.shape == shape and (got == want).all(), name
print(f"{len(SHAPES)} tensors read by the official package")
