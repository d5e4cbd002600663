/* safetensors_driver.c - writes a file of every dtype for the official reader to judge: value i of each tensor is i + .5, cut to its type. */

#include "seqrec/safetensors.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	float f32[24];
	double f64[5];
	int64_t i64[3];
	uint32_t u32[4];
	uint8_t u8[7];
	for (int i = 0; i < 24; i++)
		f32[i] = (float)i + .5f;
	for (int i = 0; i < 5; i++)
		f64[i] = i + .5;
	for (int i = 0; i < 3; i++)
		i64[i] = i;
	for (uint32_t i = 0; i < 4; i++)
		u32[i] = i;
	for (int i = 0; i < 7; i++)
		u8[i] = (uint8_t)i;
	const safe_tensor tensors[] = {
		{ "a.f32", SAFE_F32, 3, { 2, 3, 4 }, f32 }, { "b.f64", SAFE_F64, 1, { 5 }, f64 }, { "c.i64", SAFE_I64, 2, { 3, 1 }, i64 },
		{ "d.u32", SAFE_U32, 1, { 4 }, u32 },       { "e.u8", SAFE_U8, 1, { 7 }, u8 },   { "f.none", SAFE_F32, 2, { 0, 4 }, NULL },
		{ "g.one", SAFE_F64, 0, { 0 }, f64 },
	};
	const safe_note note = { "said", "quotes \" and 购买" };
	sr_error err = { 0 };
	if (argc == 2 && safetensors_write(argv[1], tensors, sizeof tensors / sizeof *tensors, &note, 1, &err))
		return EXIT_SUCCESS;
	fprintf(stderr, "%s\n", err.text);
	return EXIT_FAILURE;
}
