/* seqrec doctor - what this machine has, and why something is not used. */
#include "cli.h"

#include "seqrec/tensor.h"
#include "seqrec/text.h"
#include "seqrec/thread.h"
#include "seqrec/version.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether a backend opens, and its own words when it does not. */
static char *try_backend(tensor_backend backend)
{
	sr_error err = { 0 };
	params *none = params_new();
	runtime *rt = runtime_new(backend, none, &err);
	char *said = rt ? text_format("ready: %s", runtime_describe(rt)) : text_format("not used: %s", err.text);
	runtime_free(rt);
	params_free(none);
	return said;
}

/* The GPU, or what is missing for one. */
static char *try_gpu(void)
{
	sr_error err = { 0 };
	params *none = params_new();
	runtime *rt = runtime_new(TENSOR_CUDA, none, &err);
	device_about about = rt ? runtime_about(rt) : (device_about){ 0 };
	char *said = rt ? text_format("ready: %s, driver %s, %s; variable-length flash attention: %s", about.device, about.driver, about.library, about.flash ? "there" : "not for this GPU")
	                : text_format("not used: %s", err.text);
	runtime_free(rt);
	params_free(none);
	return said;
}

static void add(text *out, bool json, const char *key, const char *value)
{
	if (!json) {
		text_addf(out, "%-10s %s\n", key, value);
		return;
	}
	text_addf(out, "%s\"%s\":", out->length ? "," : "{", key);
	text_add_json(out, value, strlen(value));
}

static bool exec(const options *opt, sr_error *err)
{
	text out = { 0 };
	(void)err;
	char *threads = text_format("%u usable", thread_available()), *memory = text_format("%.1f GiB", (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) / 0x1p30);
	char *native = try_backend(TENSOR_NATIVE), *libtorch = try_backend(TENSOR_LIBTORCH), *gpu = try_gpu();
	add(&out, opt->json, "version", seqrec_version());
	add(&out, opt->json, "threads", threads);
	add(&out, opt->json, "memory", memory);
	add(&out, opt->json, "native", native);
	add(&out, opt->json, "libtorch", libtorch);
	add(&out, opt->json, "gpu", gpu);
	text_add(&out, opt->json ? "}\n" : "");
	output_result(out.data);
	text_free(&out);
	free(threads);
	free(memory);
	free(native);
	free(libtorch);
	free(gpu);
	return true;
}

const command command_doctor = {
	.name = "doctor",
	.usage = "doctor",
	.summary = "say what this machine has, and why something is not used",
	.details = "",
	.example = "seqrec doctor",
	.flags = "",
	.exec = exec,
};
