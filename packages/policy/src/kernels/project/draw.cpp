// One token drawn from all logits of an output, and its log-probability, in two passes over them. node-llama-cpp's own
// samplers copy the logits into candidates several times, one of them for a log-probability: ten times as long.
//
// draw(context, output, temperature, uniform, wanted) -> Promise<[token, logProb]>
//   context      node-llama-cpp's native context
//   output       as its addToBatch returned it; valid until the next evaluation
//   temperature  0 takes the highest logit
//   uniform      in [0, 1): the draw
//   wanted       a token to score instead of drawing one, or -1
// The log-probability is natural, at the temperature; at 1 where that is 0.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "AddonContext.h"

namespace {

constexpr int lanes = 16;
constexpr int block = 1024;

// exp for x <= 0, to 2 units in the last place. Constants: Cephes, expf (S. Moshier). Below -87 it is 1.6e-38.
inline float negativeExp(float x) {
    x = x > -87.0f ? x : -87.0f;
    const float rounding = 12582912.0f; // 1.5 * 2^23: adding it rounds to a whole number
    const float k = (x * 1.44269504088896341f + rounding) - rounding;
    const float f = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * f + 1.3981999507e-3f;
    p = p * f + 8.3334519073e-3f;
    p = p * f + 4.1665795894e-2f;
    p = p * f + 1.6666665459e-1f;
    p = p * f + 5.0000001201e-1f;
    p = p * f * f + f + 1.0f;
    const int32_t bits = (static_cast<int32_t>(k) + 127) << 23;
    float scale;
    std::memcpy(&scale, &bits, sizeof scale);
    return p * scale;
}

struct Highest {
    int token = -1;
    float logit = 0;
};

// Token -1 when a logit is not a number or infinitely high.
Highest highestOf(const float * logits, int count) {
    float best[lanes];
    int32_t broken[lanes] = {};
    std::fill(best, best + lanes, -INFINITY);
    const int whole = count - count % lanes;
    for (int i = 0; i < whole; i += lanes) {
        for (int j = 0; j < lanes; ++j) {
            const float value = logits[i + j];
            best[j] = value > best[j] ? value : best[j];
            broken[j] |= value != value;
        }
    }
    for (int i = whole; i < count; ++i) {
        best[0] = logits[i] > best[0] ? logits[i] : best[0];
        broken[0] |= logits[i] != logits[i];
    }
    const float highest = *std::max_element(best, best + lanes);
    const bool isBroken = std::any_of(broken, broken + lanes, [](int32_t each) { return each != 0; });
    if (isBroken || !std::isfinite(highest)) return {};
    return { static_cast<int>(std::find(logits, logits + count, highest) - logits), highest };
}

double weightOf(const float * logits, int count, float highest, float scale) {
    float sums[lanes] = {};
    const int whole = count - count % lanes;
    for (int i = 0; i < whole; i += lanes) {
        for (int j = 0; j < lanes; ++j) sums[j] += negativeExp((logits[i + j] - highest) * scale);
    }
    for (int i = whole; i < count; ++i) sums[0] += negativeExp((logits[i] - highest) * scale);
    double total = 0;
    for (const float sum : sums) total += sum;
    return total;
}

class DrawWorker : public Napi::AsyncWorker {
  public:
    DrawWorker(Napi::Env env, Napi::Object context, const float * logits, int count)
        : Napi::AsyncWorker(env, "litmus-draw"), deferred(Napi::Promise::Deferred::New(env)), logits(logits), count(count) {
        kept = Napi::Persistent(context);
    }

    Napi::Promise::Deferred deferred;
    float temperature = 0;
    double uniform = 0;
    int wanted = -1;

  protected:
    void Execute() override {
        const Highest highest = highestOf(logits, count);
        if (highest.token < 0) return SetError("the model's logits are not finite");
        const float scale = temperature > 0 ? 1.0f / temperature : 1.0f;
        std::vector<double> weights;
        double total = 0;
        for (int first = 0; first < count; first += block) {
            weights.push_back(weightOf(logits + first, std::min(block, count - first), highest.logit, scale));
            total += weights.back();
        }
        token = wanted >= 0 ? wanted : temperature > 0 ? drawn(weights, uniform * total, highest.logit, scale) : highest.token;
        logProb = static_cast<double>(logits[token] - highest.logit) * scale - std::log(total);
        if (!std::isfinite(logProb)) SetError("the model's logits are not finite");
    }

    void OnOK() override {
        Napi::Array result = Napi::Array::New(Env(), 2);
        result.Set(0u, Napi::Number::New(Env(), token));
        result.Set(1u, Napi::Number::New(Env(), logProb));
        deferred.Resolve(result);
    }

    void OnError(const Napi::Error & error) override { deferred.Reject(error.Value()); }

  private:
    // The first token at which the weights add up to more than the target.
    int drawn(const std::vector<double> & weights, double target, float highest, float scale) const {
        double sum = 0;
        size_t index = 0;
        while (index + 1 < weights.size() && sum + weights[index] <= target) sum += weights[index++];
        const int first = static_cast<int>(index) * block;
        const int end = std::min(first + block, count);
        // The block's own sum was rounded otherwise: a target in between belongs to the last token that weighs anything.
        int last = first;
        for (int i = first; i < end; ++i) {
            const double next = sum + negativeExp((logits[i] - highest) * scale);
            if (next > target) return i;
            if (next > sum) last = i;
            sum = next;
        }
        return last;
    }

    Napi::ObjectReference kept;
    const float * logits;
    int count;
    int token = -1;
    double logProb = 0;
};

Napi::Value draw(const Napi::CallbackInfo & info) {
    Napi::Env env = info.Env();
    const Napi::Object object = info[0].As<Napi::Object>();
    llama_context * context = Napi::ObjectWrap<AddonContext>::Unwrap(object)->ctx;
    const float * logits = llama_get_logits_ith(context, info[1].As<Napi::Number>().Int32Value());
    const int count = llama_vocab_n_tokens(llama_model_get_vocab(llama_get_model(context)));
    if (logits == nullptr) throw Napi::Error::New(env, "the output has no logits");
    const int wanted = info[4].As<Napi::Number>().Int32Value();
    if (wanted >= count) throw Napi::Error::New(env, "the token is outside the vocabulary");
    auto * worker = new DrawWorker(env, object, logits, count);
    worker->temperature = info[2].As<Napi::Number>().FloatValue();
    worker->uniform = info[3].As<Napi::Number>().DoubleValue();
    worker->wanted = wanted;
    const Napi::Promise promise = worker->deferred.Promise();
    worker->Queue();
    return promise;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
    exports.Set("draw", Napi::Function::New(env, draw));
    return exports;
}

} // namespace

NODE_API_MODULE(litmus_draw, init)
