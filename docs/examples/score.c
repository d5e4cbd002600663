/* score.c - asks a trained run about one history: lines "item type seconds-since-1970" on standard input, oldest first.
 * cc score.c $(pkg-config --cflags --libs seqrec) -o score && ./score runs/NAME NOW [USER] <history */
#include <seqrec/seqrec.h>

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 1000, NAME = 64 };

int main(int count, char **words)
{
	static char item[MOST][NAME], type[MOST][NAME];
	static seqrec_event event[MOST];
	seqrec_history history = { .event = event, .now = count > 2 ? atoll(words[2]) * 1000000 : 0, .user = count > 3 ? words[3] : NULL };
	seqrec_error error = { "usage: score RUN NOW [USER]" };
	seqrec_model *model = count > 2 ? seqrec_open(words[1], &error) : NULL;
	long long seconds;
	while (history.events < MOST && scanf("%63s %63s %lld", item[history.events], type[history.events], &seconds) == 3) {
		event[history.events] = (seqrec_event){ item[history.events], type[history.events], seconds * 1000000 };
		history.events++;
	}
	double probability[256];
	const char *best[10];
	float score[10], vector[1024];
	size_t width, found = 0, classes = model ? seqrec_classes(model) : 0;
	bool done = model && seqrec_vector(model, &history, vector, 1024, &width, &error);
	seqrec_error untold; /* task.kind both has classes and items */
	done = done && (!classes || seqrec_score(model, &history, probability, &error)) && (seqrec_recommend(model, &history, best, score, 10, &found, &untold) || classes);
	for (size_t k = 0; done && k < classes && k < 256; k++)
		printf("%s %.9g\n", seqrec_class_name(model, k), probability[k]);
	for (size_t k = 0; done && k < found; k++)
		printf("%s %.9g\n", best[k], (double)score[k]);
	if (done)
		printf("vector of %zu numbers, the first %.9g\n", width, (double)vector[0]);
	else
		fprintf(stderr, "%s\n", error.text);
	seqrec_close(model);
	return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
