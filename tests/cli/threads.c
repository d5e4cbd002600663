/* threads.c - asks one model from several threads at once: each answer must be the one that a lone thread got. usage: threads RUN NOW */
#include <seqrec/seqrec.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, HISTORIES = 8, ROUNDS = 25, EVENTS = 5 };

static seqrec_model *model;
static seqrec_event event[HISTORIES][EVENTS];
static seqrec_history history[HISTORIES];
static double wanted[HISTORIES][2];

static void *ask(void *wrong)
{
	for (int i = 0; i < ROUNDS * HISTORIES; i++) {
		double got[2];
		seqrec_error error;
		if (!seqrec_score(model, &history[i % HISTORIES], got, &error) || memcmp(got, wanted[i % HISTORIES], sizeof got) != 0)
			*(int *)wrong = 1;
	}
	return NULL;
}

int main(int count, char **words)
{
	static char name[20][8];
	int wrong[THREADS] = { 0 }, any = 0;
	pthread_t thread[THREADS];
	seqrec_error error = { "usage: threads RUN NOW" };
	model = count > 2 ? seqrec_open(words[1], &error) : NULL;
	if (!model || seqrec_classes(model) != 2)
		return fprintf(stderr, "%s\n", error.text), EXIT_FAILURE;
	for (int h = 0; h < HISTORIES; h++) {
		history[h] = (seqrec_history){ .event = event[h], .events = EVENTS, .now = atoll(words[2]) * 1000000 };
		for (int i = 0; i < EVENTS; i++) {
			int item = (h * 3 + i) % 20;
			snprintf(name[item], sizeof name[item], "i%d", item);
			event[h][i] = (seqrec_event){ name[item], i % 2 ? "browse" : "purchase", history[h].now - (int64_t)(EVENTS - i) * 3600000000 * (h + 1) };
		}
		if (!seqrec_score(model, &history[h], wanted[h], &error))
			return fprintf(stderr, "%s\n", error.text), EXIT_FAILURE;
	}
	for (int t = 0; t < THREADS; t++)
		pthread_create(&thread[t], NULL, ask, &wrong[t]);
	for (int t = 0; t < THREADS; t++) {
		pthread_join(thread[t], NULL);
		any |= wrong[t];
	}
	seqrec_close(model);
	printf("%s, first %.9g last %.9g\n", any ? "answers differ" : "answers agree", wanted[0][1], wanted[HISTORIES - 1][1]);
	return any ? EXIT_FAILURE : EXIT_SUCCESS;
}
