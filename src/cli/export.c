/* seqrec export - a trained model for other runtimes. */
#include "cli.h"

static bool exec(const options *opt, sr_error *err)
{
	if (!opt->out)
		return error_set(err, SR_CONFIG, "export needs --out FILE.onnx");
	return run_export(opt->argument[0], opt->out, err);
}

const command command_export = {
	.name = "export",
	.usage = "export RUN --out FILE.onnx",
	.summary = "write a trained model as ONNX, for other runtimes",
	.details = "Opset 17, one sequence of any length (at least one event); inputs are the codes and numbers that the model's transforms.json describes, outputs probabilities\n"
	           "before calibration, and for next_item and both a score of each line of FILE.onnx.items.txt. FILE.onnx.examples.jsonl holds inputs and what must come out.\n"
	           "One model alone: no folds, no members. model.time_bias has no ONNX form yet.",
	.example = "seqrec export runs/next_item --out model.onnx",
	.least = 1,
	.most = 1,
	.flags = "out",
	.exec = exec,
};
