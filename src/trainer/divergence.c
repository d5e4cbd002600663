/* divergence.c - what to look at after a loss that was not finite. */
#include "member.h"

#include "seqrec/file.h"
#include "seqrec/text.h"

#include <inttypes.h>
#include <stdlib.h>

static void add_sample(text *out, const sample *one, uint32_t number)
{
	text_addf(out, "{\"sample\":%u,\"user_code\":%u", number, one->user);
	if (one->candidate)
		text_addf(out, ",\"item_code\":%u", one->candidate);
	if (one->row != SAMPLE_NO_ROW)
		text_addf(out, ",\"row\":%" PRIu64, one->row);
	text_addf(out, ",\"first_event\":%" PRIu64 ",\"end_event\":%" PRIu64 "}\n", one->first, one->end);
}

bool divergence_dump(const member_job *job, uint64_t step, const uint32_t *order, size_t count, sr_error *err)
{
	text out = { 0 };
	for (size_t i = 0; i < count; i++)
		add_sample(&out, &job->all->item[order[i]], order[i]);
	char *path = text_format("%s/diverged_step_%" PRIu64 ".jsonl", job->folder, step);
	bool done = file_write(path, out.data, out.length, err);
	free(path);
	text_free(&out);
	return done;
}
