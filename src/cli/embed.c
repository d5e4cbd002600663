/* seqrec embed - the vectors of users and items of a trained run. */
#include "cli.h"

#include <string.h>

static bool read_format(const char *name, vectors_format *format)
{
	static const char *const names[] = { [VECTORS_NPY] = "npy", [VECTORS_WORD2VEC] = "word2vec", [VECTORS_FAISS] = "faiss" };
	*format = VECTORS_NPY;
	for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0) {
			*format = (vectors_format)i;
			return true;
		}
	return !name;
}

static bool exec(const options *opt, sr_error *err)
{
	run_data from = { .data = opt->data, .cut = opt->cut, .sets = opt->sets };
	const char *which = opt->vector ? opt->vector : "z";
	vectors_format format;
	if (strcmp(which, "item") != 0 && (strlen(which) != 1 || !strchr("hyz", which[0])))
		return error_set(err, SR_CONFIG, "--vector %s: must be h (the sequence), y (the attributes), z (both) or item", which);
	if (!read_format(opt->format, &format))
		return error_set(err, SR_CONFIG, "--format %s: must be npy, word2vec or faiss", opt->format);
	if (!opt->out)
		return error_set(err, SR_CONFIG, "embed needs --out FILE; of npy and faiss the ids go to FILE.ids.txt beside it");
	return run_embed(opt->argument[0], &from, which, opt->out, format, err);
}

const command command_embed = {
	.name = "embed",
	.usage = "embed RUN --out FILE [--vector h|y|z|item] [--format npy|word2vec|faiss] [--data CONFIG] [--cut INSTANT] [--set KEY=VALUE]...",
	.summary = "write the vectors of users or items, and their ids",
	.details = "h is what the encoder makes of the sequence, y of the attributes, z of both. item (runs of next_item): what users are compared with; the product of a user's h\n"
	           "and an item's vector is the score that recommend sorts by.\n"
	           "npy: a numpy array; faiss: a flat index by inner product; the ids stand in FILE.ids.txt, in the same order. word2vec: a word and its numbers a line.",
	.example = "seqrec embed runs/quickstart --out user_vectors.npy",
	.least = 1,
	.most = 1,
	.flags = "out vector format data cut set",
	.exec = exec,
};
