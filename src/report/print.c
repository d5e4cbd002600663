/* print.c - numbers of fixed digits for people. */

#include "report/print.h"

#include <stdio.h>
#include <string.h>

/* A locale may print the point as something else, of several bytes: everything that is neither digit nor sign is the point. */
static void point_restore(char *number)
{
	char *out = number;
	for (const char *in = number; *in; in++) {
		if (strchr("0123456789-", *in))
			*out++ = *in;
		else if (out == number || out[-1] != '.')
			*out++ = '.';
	}
	*out = '\0';
}

size_t print_fixed(double value, int digits, char out[PRINT_TEXT])
{
	snprintf(out, PRINT_TEXT, "%.*f", digits, value);
	point_restore(out);
	return strlen(out);
}
