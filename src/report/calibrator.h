#ifndef REPORT_CALIBRATOR_H
#define REPORT_CALIBRATOR_H
/* calibrator.h - what a calibration map holds. */

#include <stddef.h>

typedef struct {
	double slope, offset; /* Platt: of the log odds */
	double *x, *y;        /* isotonic: (knots), x ascending */
	size_t knots;
} map;

struct calibrator {
	int kind; /* calibration_rule */
	size_t classes;
	double temperature;
	map *of;  /* (classes); of two classes only the second */
};
#endif
