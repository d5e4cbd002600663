/* bench_shapes.c - the standard shapes: the settings of published recipes on sets whose lengths and catalogues are given here as quantiles (each twentieth). */
#include "bench_state.h"

static const bench_set ml_1m = { "ml-1m", 6040, 3416,
	{ 18, 23, 27, 32, 37, 44, 51, 60, 70, 81, 96, 109, 126, 148, 173, 207, 253, 309, 400, 556, 2277 },
	{ 5, 10, 18, 26, 35, 47, 60, 75, 96, 119, 146, 177, 213, 257, 306, 374, 461, 583, 765, 1087, 3428 } };
static const bench_set beauty = { "Beauty", 22363, 12101,
	{ 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 8, 8, 9, 10, 12, 14, 21, 204 },
	{ 5, 5, 5, 5, 6, 6, 6, 7, 7, 8, 9, 10, 11, 12, 14, 16, 19, 24, 34, 58, 431 } };

#define MODEL(width, window, heads, more) \
	"\"model\":{\"width\":" #width ",\"window\":" #window ",\"heads\":" #heads ",\"blocks\":2,\"dropout\":0.2,\"use_type\":false,\"use_gap\":false" more "}"
#define TRAIN(loss, negatives) ",\"train\":{\"batch\":128,\"loss\":\"" loss "\",\"negatives\":" #negatives "}"

const bench_shape bench_shapes[] = {
	{ "ml-1m_d64_bce", &ml_1m, MODEL(64, 200, 1, "") TRAIN("bce", 1) },
	{ "ml-1m_d128_bce", &ml_1m, MODEL(128, 200, 1, "") TRAIN("bce", 1) },
	{ "ml-1m_d256_bce", &ml_1m, MODEL(256, 200, 1, "") TRAIN("bce", 1) },
	{ "beauty_d64_bce", &beauty, MODEL(64, 50, 1, "") TRAIN("bce", 1) },
	{ "ml-1m_d128_gbce256", &ml_1m, MODEL(128, 200, 1, "") TRAIN("gbce", 256) },
	{ "ml-1m_d64_ce", &ml_1m, MODEL(64, 50, 2, "") TRAIN("cross_entropy", 1) },
	{ "ml-1m_gru_d64_bce", &ml_1m, MODEL(64, 200, 1, ",\"encoder\":\"gru\"") TRAIN("bce", 1) },
	{ 0 },
};
