/* compute.c - backend and device by the config and by what is there. */
#include "compute.h"

#include "seqrec/memory.h"

#include <stdlib.h>
#include <string.h>

enum { GPU_TOKENS = 32768, LEAST_TOKENS = 512 };

static bool gpu_works(char **why)
{
	sr_error err = { 0 };
	params *none = params_new();
	runtime *rt = runtime_new(TENSOR_CUDA, none, &err);
	runtime_free(rt);
	params_free(none);
	if (!rt && why)
		*why = xstrdup(err.text);
	return rt != NULL;
}

tensor_backend compute_backend(const config *c, char **why)
{
	if (why)
		*why = NULL;
	if (c->run.device == DEVICE_CUDA)
		return TENSOR_CUDA;
	bool native = c->run.backend == BACKEND_NATIVE || c->train.table_update == UPDATE_EXACT; /* rules.c refuses exact updates elsewhere */
	if (!native && c->run.device == DEVICE_AUTO && gpu_is_seen() && gpu_works(why))
		return TENSOR_CUDA;
	return c->run.backend == BACKEND_LIBTORCH ? TENSOR_LIBTORCH : TENSOR_NATIVE;
}

size_t compute_pack_tokens(const config *c, tensor_backend backend)
{
	if (backend == TENSOR_NATIVE || (backend == TENSOR_LIBTORCH && !c->run.device_tokens))
		return (size_t)c->train.pack_tokens;
	return c->run.device_tokens ? (size_t)c->run.device_tokens : GPU_TOKENS;
}

static void add_member(text *out, const char *key, const char *value)
{
	text_addf(out, ",\"%s\":", key);
	text_add_json(out, value, strlen(value));
}

bool compute_record(const config *c, text *out, sr_error *err)
{
	tensor_backend backend = compute_backend(c, NULL);
	params *none = params_new();
	runtime *rt = runtime_new(backend, none, err);
	if (rt) {
		device_about about = runtime_about(rt);
		add_member(out, "backend", backend == TENSOR_NATIVE ? "native" : "libtorch");
		add_member(out, "device", about.device);
		add_member(out, "driver", about.driver);
		add_member(out, "libtorch", about.library);
		add_member(out, "precision", backend != TENSOR_NATIVE && c->run.precision == PRECISION_BFLOAT16 ? "bfloat16" : "float32");
	}
	runtime_free(rt);
	params_free(none);
	return rt != NULL;
}

bool compute_fits(size_t pack_tokens, sr_error *err)
{
	if (!err || err->code != SR_MEMORY)
		return false;
	size_t lower = pack_tokens / 2 < LEAST_TOKENS ? LEAST_TOKENS : pack_tokens / 2;
	return error_add(err, SR_MEMORY, "Lower run.device_tokens (now %zu) to %zu", pack_tokens, lower);
}
