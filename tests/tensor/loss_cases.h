#ifndef SEQREC_TENSOR_LOSS_CASES_H
#define SEQREC_TENSOR_LOSS_CASES_H
/* loss_cases.h - the losses among the cases of cases.h. */

#include "seqrec/tensor.h"

void logits_parameters(params *list);
void binary_parameters(params *list);
void catalogue_parameters(params *list);
void classifier_parameters(params *list);

tensor *loss_classes(runtime *rt, const params *list);
tensor *loss_classes_smoothed(runtime *rt, const params *list);
tensor *loss_binary(runtime *rt, const params *list);
tensor *loss_softmax(runtime *rt, const params *list);
tensor *loss_softmax_smoothed(runtime *rt, const params *list);
tensor *loss_sampled_softmax(runtime *rt, const params *list);
tensor *loss_sampled_binary(runtime *rt, const params *list);
tensor *loss_sampled_pairs(runtime *rt, const params *list);
tensor *loss_sampled_hidden(runtime *rt, const params *list);
tensor *loss_over_rows(runtime *rt, const params *list);
tensor *classifier(runtime *rt, const params *list);

#endif
