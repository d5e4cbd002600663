#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H
/* fuzz.h - what the fuzz targets share. A target is one function, LLVMFuzzerTestOneInput: under libFuzzer (scripts/fuzz) it is driven by coverage; in the
 * ordinary tests replay.c runs the kept inputs and fixed changes of them. A target must neither crash nor leak, whatever the bytes; what must hold besides,
 * it checks with must(). */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts with the text when it does not hold. */
#define must(holds) ((holds) ? (void)0 : fuzz_fail(#holds, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *what, const char *file, int line);

/* The bytes as a file without a place on disk. The path is good until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* A folder for this process, removed when it ends. */
const char *fuzz_folder(void);

/* Writes the file anew, whatever it held. */
void fuzz_write(const char *path, const void *data, size_t size);

#endif
