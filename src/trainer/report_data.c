/* report_data.c - the data page and the run record of a report. */
#include "report_data.h"
#include "run.h"

#include "seqrec/memory.h"
#include "seqrec/text.h"
#include "seqrec/version.h"

#include <stdlib.h>
#include <string.h>

static char *run_json(const config *c, const dataset *d, size_t parameters, const char *loss)
{
	text out = { 0 };
	char *digest = run_digest(c);
	text_addf(&out, "{\"seqrec\":\"%s\",\"settings\":\"%s\",\"data_fingerprint\":\"%s\",\"seed\":%lld,\"folds\":%u,\"members\":%lld,\"parameters\":%zu", seqrec_version(), digest, d->s->fingerprint,
	          (long long)c->run.seed, d->all->folds, (long long)c->model.members, parameters);
	if (loss)
		text_addf(&out, ",\"loss\":\"%s\"", loss);
	text_add(&out, "}");
	free(digest);
	return out.data;
}

report_data report_data_new(const config *c, const dataset *d, size_t parameters, const char *loss)
{
	char *store_text = store_summary(d->s), *split_text = samples_summary(d->all, c, d->s), *store_json = store_summary_json(d->s), *split_json = samples_summary_json(d->all, c, d->s);
	report_data made = {
		.data_text = text_format("%s%s", store_text, split_text),
		.data_json = text_format("%.*s,\"split\":%s}", (int)strlen(store_json) - 1, store_json, split_json), /* the store's members, and the split beside them */
		.run_json = run_json(c, d, parameters, loss),
	};
	free(store_text);
	free(split_text);
	free(store_json);
	free(split_json);
	return made;
}

void report_data_free(report_data *data)
{
	free(data->data_text);
	free(data->data_json);
	free(data->run_json);
}

uint32_t *report_groups(const samples *all, const uint32_t *row, size_t rows)
{
	uint32_t *group = xcalloc(rows, sizeof *group);
	for (size_t i = 0; i < rows; i++)
		group[i] = all->item[row[i]].user ? all->item[row[i]].user : row[i];
	return group;
}
