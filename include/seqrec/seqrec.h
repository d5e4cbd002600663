#ifndef SEQREC_SEQREC_H
#define SEQREC_SEQREC_H
/* seqrec.h - the public interface of libseqrec: open a trained run, and ask it about a history of events. This header needs no other one.
 * A model may be used by several threads at once; calls on one model wait for each other, so open one for each thread that shall not wait.
 * When memory runs out the process ends with exit code 7, as the program does. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct seqrec_model seqrec_model;

/* Why a call failed, in words. */
typedef struct {
	char text[512];
} seqrec_error;

typedef struct {
	const char *item; /* id as in the logs; NULL: none */
	const char *type; /* "browse"; NULL: none */
	int64_t time;     /* microseconds since 1970, UTC */
} seqrec_event;

/* Ids, types and attributes are looked up in the run's event store: those that it does not have count as none, as do declared fields of events and queries. */
typedef struct {
	const char *user;          /* whose attributes are used; NULL: nobody's */
	const seqrec_event *event; /* (events) in order of time */
	size_t events;
	int64_t now;               /* the cut, after the last event; runs of next_item do not need it */
} seqrec_history;

/* Opens the run directory that `seqrec train` made. NULL with an error. Runs of task.unit user_item or task.history candidate cannot be asked this way. */
seqrec_model *seqrec_open(const char *run, seqrec_error *error);
void seqrec_close(seqrec_model *m); /* NULL ok */

/* Classes: their number (0: the run tells next items only) and names; the threshold from which a second class of two is decided for. */
size_t seqrec_classes(const seqrec_model *m);
const char *seqrec_class_name(const seqrec_model *m, size_t number);
double seqrec_threshold(const seqrec_model *m);

/* The calibrated probability of each class, as `seqrec predict` tells it. */
bool seqrec_score(seqrec_model *m, const seqrec_history *h, double *probability /* (classes) */, seqrec_error *error);

/* The user vector z of the first model (next_item: h). *width: its length; no more than `room` numbers are written. */
bool seqrec_vector(seqrec_model *m, const seqrec_history *h, float *vector, size_t room, size_t *width, seqrec_error *error);

/* The best next items, as `seqrec recommend` tells them, of runs of task.kind next_item and both: their ids, valid until the model is closed, and scores. *count: how many there are, `most` at most. */
bool seqrec_recommend(seqrec_model *m, const seqrec_history *h, const char **item, float *score, size_t most, size_t *count, seqrec_error *error);

#ifdef __cplusplus
}
#endif
#endif
