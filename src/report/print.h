#ifndef REPORT_PRINT_H
#define REPORT_PRINT_H
/* print.h - numbers of fixed digits for people. What programs read goes through number.h. */

#include <stddef.h>

enum { PRINT_TEXT = 64 };

/* As C and Python print "%.*f" (the exact value rounded half to even), with a point under every locale. */
size_t print_fixed(double value, int digits, char out[PRINT_TEXT]);
#endif
