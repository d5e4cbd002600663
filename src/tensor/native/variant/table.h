/* table.h - the table of one variant: what kernels_*.c return. */
#ifndef SEQREC_VARIANT_TABLE_H
#define SEQREC_VARIANT_TABLE_H

#include "tensor/native/variant/cells.h"
#include "tensor/native/variant/counting.h"
#include "tensor/native/variant/multiply.h"
#include "tensor/native/variant/rows.h"

#define KERNELS(variant) \
	{ \
		.name = (variant), .panel = PANEL, .pack = multiply_pack, .multiply = multiply_run, .count = count_run, .pairs = pairs_run, .add = elements_add, .add_scaled = elements_add_scaled, \
		.scale = elements_scale, .mul = elements_mul, .add_product = elements_add_product, .dot = elements_dot, .column_sums = elements_column_sums, \
		.activate = elements_activate, .activate_gradient = elements_activate_gradient, .drop = elements_drop, .norm = rows_norm, \
		.norm_gradient = rows_norm_gradient, .softmax = rows_softmax, .attend = rows_attend, .attend_gradient = rows_attend_gradient, \
		.mask = elements_mask, .adam = elements_adam, .maximum = elements_maximum, .exp_sum = elements_exp_sum, .binary = elements_binary, .cell = cells_step, .cell_gradient = cells_gradient \
	}

#endif
