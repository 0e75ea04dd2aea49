// Which token comes next: repeat penalty, temperature, the likeliest top_k, those with top_p of the probability
// together, then one by its probability. Ties go to the lower number. The frequency and presence penalties and
// mirostat are taken and do nothing.
#include "decoder.h"

#include <math.h>

typedef struct Candidate {
    int32_t token;
    float logit;
    double weight;
} Candidate;

/// SplitMix64 (Steele, Lea and Flood, 2014).
static double uniform(uint64_t *state) {
    uint64_t mixed = *state += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return (double)((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53;
}

void sampler_note(Sampler *sampler, int32_t token) {
    sampler->recent[sampler->count++ % PENALTY_WINDOW] = token;
}

/// Once for each token that was there, as CTRL (Keskar et al., 2019) has it.
static void penalize(const Sampler *sampler, float *scores, int32_t vocabulary) {
    size_t count = sampler->count < PENALTY_WINDOW ? sampler->count : PENALTY_WINDOW;
    float penalty = sampler->sampling.repeat_penalty;
    for (size_t index = 0; index < count && penalty > 0; index++) {
        int32_t token = sampler->recent[index];
        bool again = false;
        for (size_t before = 0; before < index; before++) {
            again |= sampler->recent[before] == token;
        }
        if (!again && token >= 0 && token < vocabulary) {
            scores[token] = scores[token] > 0 ? scores[token] / penalty : scores[token] * penalty;
        }
    }
}

static int32_t likeliest(const float *scores, int32_t vocabulary) {
    int32_t best = -1;
    for (int32_t token = 0; token < vocabulary; token++) {
        if (!isnan(scores[token]) && (best < 0 || scores[token] > scores[best])) {
            best = token;
        }
    }
    return best;
}

static int by_logit(const void *left, const void *right) {
    const Candidate *a = left, *b = right;
    if (a->logit != b->logit) {
        return a->logit > b->logit ? -1 : 1;
    }
    return a->token < b->token ? -1 : 1;
}

/// Candidates in order, those that may be chosen. Returns how many.
static int32_t choose_from(const Sampling *sampling, Candidate *candidates, const float *scores, int32_t vocabulary) {
    int32_t count = 0;
    for (int32_t token = 0; token < vocabulary; token++) {
        if (!isnan(scores[token])) {
            candidates[count++] = (Candidate){token, scores[token], 0};
        }
    }
    qsort(candidates, (size_t)count, sizeof *candidates, by_logit);
    count = sampling->top_k > 0 && sampling->top_k < count ? sampling->top_k : count;
    double total = 0, sum = 0;
    for (int32_t index = 0; index < count; index++) {
        double below = (double)(candidates[index].logit - candidates[0].logit);
        candidates[index].weight = exp(below / (double)sampling->temperature);
        total += candidates[index].weight;
    }
    for (int32_t index = 0; index < count && sampling->top_p < 1; index++) {
        sum += candidates[index].weight;
        if (sum >= (double)sampling->top_p * total) {
            return index + 1;
        }
    }
    return count;
}

static int32_t draw(Sampler *sampler, const float *scores, int32_t vocabulary) {
    Candidate *candidates = calloc((size_t)vocabulary, sizeof *candidates);
    int32_t count = candidates ? choose_from(&sampler->sampling, candidates, scores, vocabulary) : 0;
    double total = 0;
    for (int32_t index = 0; index < count; index++) {
        total += candidates[index].weight;
    }
    double rest = uniform(&sampler->random) * total;
    int32_t chosen = count > 0 ? candidates[count - 1].token : -1;
    for (int32_t index = 0; index < count; index++) {
        rest -= candidates[index].weight;
        if (rest < 0) {
            chosen = candidates[index].token;
            break;
        }
    }
    free(candidates);
    return chosen;
}

int32_t sampler_next(Sampler *sampler, float *scores, int32_t vocabulary) {
    const Sampling *sampling = &sampler->sampling;
    penalize(sampler, scores, vocabulary);
    bool greedy = sampling->top_k == 1 || !(sampling->temperature > 0);
    int32_t token = greedy ? likeliest(scores, vocabulary) : draw(sampler, scores, vocabulary);
    if (token >= 0) {
        sampler_note(sampler, token);
    }
    return token;
}
