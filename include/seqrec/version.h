#ifndef SEQREC_VERSION_H
#define SEQREC_VERSION_H
/* version.h - the version, from CMakeLists.txt. */

#ifdef __cplusplus
extern "C" {
#endif

const char *seqrec_version(void); /* "0.1.0" */

#ifdef __cplusplus
}
#endif
#endif
