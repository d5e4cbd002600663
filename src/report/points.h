#ifndef REPORT_POINTS_H
#define REPORT_POINTS_H
/* points.h - the curves behind a report's pictures, thinned to what an eye can tell apart; report.json holds the same points. */

#include "report/curve.h"

enum { POINTS_MOST = 200, CALIBRATION_BINS = 10, HISTOGRAM_BINS = 40, CHOICES_MOST = 16 };

typedef struct {
	double x, y;
} point;

typedef struct {
	size_t count;
	point at[POINTS_MOST + 2];
} points;

typedef struct {
	uint64_t rows, hits;
	double mean; /* of the predictions */
} calibration_point;

/* What would be decided from a threshold upwards. */
typedef struct {
	const char *name; /* "chosen", "top 1 %" */
	double threshold;
	uint64_t hits, alarms; /* true and false positives */
} choice;

typedef struct {
	uint64_t rows, positives;
	points roc;      /* false positive rate, true positive rate */
	points pr;       /* recall, precision */
	points gain;     /* share of rows, share of positives: both from the best score down */
	points lift;     /* share of rows, precision over the share of positives */
	calibration_point bin[CALIBRATION_BINS];
	uint64_t histogram[2][HISTOGRAM_BINS]; /* by class, over [0, 1] */
	choice choice[CHOICES_MOST];
	size_t choices;
	/* Brier = reliability - resolution + uncertainty (Murphy 1973) + within: what the bins of calibration hide (Stephenson, Coelho, Jolliffe 2008) */
	double reliability, resolution, uncertainty, within;
} picture;

/* NULL when a score is not finite or a class is missing. New. threshold: the chosen one. */
picture *picture_new(const binary *b, double threshold);
#endif
