// How fast a training step could be if nothing but oneDNN's primitives took time: each is run alone,
// in its fastest implementation and the layouts that this likes best, and their times are added.
//
// Convolutions, inner products, pooling and batch normalization with their gradients; not the loss, dropout
// and Adam, nor reorders between layouts.
//
//     c++ -O2 -std=c++17 -o limit limit.cpp -ldnnl
//     OMP_NUM_THREADS=2 ./limit vgg float32 128
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace dnnl;
using dims = memory::dims;
using tag = memory::format_tag;

static double now() {
    auto time = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(time).count();
}

using Arguments = std::vector<std::pair<int, memory::desc>>;

class Step {
public:
    Step(memory::dim batch, memory::data_type type) : batch(batch), type(type) {}

    double seconds = 0;

    // A convolution with ReLU of a square image; the first of a network needs no gradient of its image.
    memory::dim convolution(
        memory::dim size, memory::dim channels, memory::dim filters, memory::dim stride,
        memory::dim padding, bool is_first) {
        memory::dim out = (size + 2 * padding - 3) / stride + 1;
        auto weights = any({filters, channels, 3, 3});
        dims strides{stride, stride}, margins{padding, padding};
        auto kind = algorithm::convolution_direct;
        double forward_time = 1e9, weights_time = 1e9, image_time = 1e9;
        // Left alone, a primitive takes the layout of its first implementation.
        for (tag layout : {tag::any, tag::nhwc, tag::nchw}) {
            memory::desc source({batch, channels, size, size}, type, layout);
            memory::desc result({batch, filters, out, out}, type, layout);
            convolution_forward::primitive_desc forward(
                {prop_kind::forward_training, kind, source, weights, bias(filters), result, strides,
                 margins, margins},
                relu(), engine_);
            fastest<convolution_forward>(forward_time, forward, [](auto &made) -> Arguments {
                return {
                    {DNNL_ARG_SRC, made.src_desc()}, {DNNL_ARG_WEIGHTS, made.weights_desc()},
                    {DNNL_ARG_BIAS, made.bias_desc()}, {DNNL_ARG_DST, made.dst_desc()}};
            });
            for (auto gradient : {type, memory::data_type::f32}) {
                memory::desc made({filters, channels, 3, 3}, gradient, tag::any);
                convolution_backward_weights::primitive_desc toWeights(
                    {kind, source, made, bias(filters), result, strides, margins, margins}, engine_,
                    forward);
                fastest<convolution_backward_weights>(
                    weights_time, toWeights, [](auto &made) -> Arguments {
                        return {
                            {DNNL_ARG_SRC, made.src_desc()},
                            {DNNL_ARG_DIFF_DST, made.diff_dst_desc()},
                            {DNNL_ARG_DIFF_WEIGHTS, made.diff_weights_desc()},
                            {DNNL_ARG_DIFF_BIAS, made.diff_bias_desc()}};
                    });
            }
            if (is_first) continue;
            convolution_backward_data::primitive_desc toImage(
                {kind, source, weights, result, strides, margins, margins}, engine_, forward);
            fastest<convolution_backward_data>(image_time, toImage, [](auto &made) -> Arguments {
                return {
                    {DNNL_ARG_DIFF_SRC, made.diff_src_desc()},
                    {DNNL_ARG_WEIGHTS, made.weights_desc()},
                    {DNNL_ARG_DIFF_DST, made.diff_dst_desc()}};
            });
        }
        seconds += forward_time + weights_time + (is_first ? 0 : image_time);
        return out;
    }

    void innerProduct(dims row, memory::dim units, bool hasRelu) {
        row.insert(row.begin(), batch);
        dims kernel = row;
        kernel[0] = units;
        auto source = any(row), weights = any(kernel), result = any({batch, units});
        inner_product_forward::primitive_desc forward(
            {prop_kind::forward_training, source, weights, bias(units), result},
            hasRelu ? relu() : primitive_attr(), engine_);
        add<inner_product_forward>(forward, [&](auto &made) -> Arguments {
            return {
                {DNNL_ARG_SRC, made.src_desc()}, {DNNL_ARG_WEIGHTS, made.weights_desc()},
                {DNNL_ARG_BIAS, made.bias_desc()}, {DNNL_ARG_DST, made.dst_desc()}};
        });
        inner_product_backward_weights::primitive_desc toWeights(
            {source, weights, bias(units), result}, engine_, forward);
        add<inner_product_backward_weights>(toWeights, [&](auto &made) -> Arguments {
            return {
                {DNNL_ARG_SRC, made.src_desc()}, {DNNL_ARG_DIFF_DST, made.diff_dst_desc()},
                {DNNL_ARG_DIFF_WEIGHTS, made.diff_weights_desc()},
                {DNNL_ARG_DIFF_BIAS, made.diff_bias_desc()}};
        });
        inner_product_backward_data::primitive_desc toRow({source, weights, result}, engine_, forward);
        add<inner_product_backward_data>(toRow, [&](auto &made) -> Arguments {
            return {
                {DNNL_ARG_DIFF_SRC, made.diff_src_desc()}, {DNNL_ARG_WEIGHTS, made.weights_desc()},
                {DNNL_ARG_DIFF_DST, made.diff_dst_desc()}};
        });
    }

    // Blocks of 16 channels are what the convolutions beside these two like.
    void normalization(memory::dim size, memory::dim channels) {
        memory::desc image({batch, channels, size, size}, type, tag::nChw16c);
        auto flags = normalization_flags::use_scale_shift;
        batch_normalization_forward::primitive_desc forward(
            {prop_kind::forward_training, image, 1e-3f, flags}, engine_);
        add<batch_normalization_forward>(forward, [&](auto &made) -> Arguments {
            return {
                {DNNL_ARG_SRC, image}, {DNNL_ARG_DST, image}, {DNNL_ARG_MEAN, made.mean_desc()},
                {DNNL_ARG_VARIANCE, made.variance_desc()},
                {DNNL_ARG_SCALE_SHIFT, made.weights_desc()}};
        });
        batch_normalization_backward::primitive_desc backward(
            {prop_kind::backward, image, image, 1e-3f, flags}, engine_, forward);
        add<batch_normalization_backward>(backward, [&](auto &made) -> Arguments {
            return {
                {DNNL_ARG_SRC, image}, {DNNL_ARG_DIFF_DST, image}, {DNNL_ARG_DIFF_SRC, image},
                {DNNL_ARG_MEAN, made.mean_desc()}, {DNNL_ARG_VARIANCE, made.variance_desc()},
                {DNNL_ARG_SCALE_SHIFT, made.weights_desc()},
                {DNNL_ARG_DIFF_SCALE_SHIFT, made.diff_weights_desc()}};
        });
    }

    void maximum(memory::dim size, memory::dim channels) {
        memory::desc image({batch, channels, size, size}, type, tag::nChw16c);
        memory::desc result({batch, channels, size / 2, size / 2}, type, tag::nChw16c);
        dims two{2, 2}, none{0, 0};
        auto kind = algorithm::pooling_max;
        pooling_forward::primitive_desc forward(
            {prop_kind::forward_training, kind, image, result, two, two, none, none}, engine_);
        add<pooling_forward>(forward, [&](auto &made) -> Arguments {
            return {
                {DNNL_ARG_SRC, image}, {DNNL_ARG_DST, result},
                {DNNL_ARG_WORKSPACE, made.workspace_desc()}};
        });
        pooling_backward::primitive_desc backward(
            {kind, image, result, two, two, none, none}, engine_, forward);
        add<pooling_backward>(backward, [&](auto &made) -> Arguments {
            return {
                {DNNL_ARG_DIFF_SRC, image}, {DNNL_ARG_DIFF_DST, result},
                {DNNL_ARG_WORKSPACE, made.workspace_desc()}};
        });
    }

private:
    memory::dim batch;
    memory::data_type type;
    engine engine_{engine::kind::cpu, 0};
    stream stream_{engine_};

    memory::desc any(dims shape) { return {shape, type, tag::any}; }
    memory::desc bias(memory::dim count) { return {{count}, memory::data_type::f32, tag::a}; }

    primitive_attr relu() {
        post_ops after;
        after.append_eltwise(1, algorithm::eltwise_relu, 0, 0);
        primitive_attr attributes;
        attributes.set_post_ops(after);
        return attributes;
    }

    template <class Primitive, class Descriptor, class Bind>
    void add(Descriptor made, Bind bind) {
        double best = 1e9;
        fastest<Primitive>(best, made, bind);
        seconds += best;
    }

    // The time of a primitive in the fastest of its implementations, where it is below `best`; oneDNN's
    // plain loops, "ref", are never that.
    template <class Primitive, class Descriptor, class Bind>
    void fastest(double &best, Descriptor made, Bind bind) {
        do {
            if (std::strstr(made.impl_info_str(), "ref")) continue;
            best = std::min(best, median(Primitive(made), bind(made)));
        } while (made.next_impl());
    }

    double median(const primitive &work, const Arguments &arguments) {
        std::unordered_map<int, memory> bound;
        for (auto &[argument, layout] : arguments) {
            memory place(layout, engine_);
            // In float32 and bfloat16 these bytes are 0.0115; 0 is a place that a pooling's window has.
            int byte = argument == DNNL_ARG_WORKSPACE ? 0 : 0x3c;
            std::memset(place.get_data_handle(), byte, layout.get_size());
            bound.emplace(argument, place);
        }
        std::vector<double> times;
        double end = 0;
        for (int run = 0; run < 5 || (now() < end && run < 10000); run++) {
            double begin = now();
            work.execute(stream_, bound);
            stream_.wait();
            // The first two runs are for the caches and the threads.
            if (run >= 2) times.push_back(now() - begin);
            if (run == 1) end = now() + 0.1;
        }
        std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
        return times[times.size() / 2];
    }
};

static void strided(Step &step, memory::dim size, memory::dim channels) {
    bool is_first = true;
    for (memory::dim filters : {32, 64, 128}) {
        size = step.convolution(size, channels, filters, 2, 0, is_first);
        channels = filters;
        is_first = false;
    }
    step.innerProduct({channels, size, size}, 512, true);
    step.innerProduct({512}, 10, false);
}

static void vgg(Step &step) {
    memory::dim size = 32, channels = 3;
    for (memory::dim filters : {32, 64, 128}) {
        for (int half = 0; half < 2; half++) {
            step.convolution(size, channels, filters, 1, 1, channels == 3);
            step.normalization(size, filters);
            channels = filters;
        }
        step.maximum(size, channels);
        size /= 2;
    }
    step.innerProduct({channels, size, size}, 1024, true);
    step.innerProduct({1024}, 10, false);
}

int main(int count, char **words) {
    std::string name = count > 1 ? words[1] : "", precision = count > 2 ? words[2] : "float32";
    long batch = count > 3 ? std::atol(words[3]) : 128;
    bool is_known = name == "fashion" || name == "cifar" || name == "vgg";
    if (!is_known || batch < 1 || (precision != "float32" && precision != "bfloat16")) {
        std::fprintf(stderr, "usage: limit fashion|cifar|vgg [float32|bfloat16] [batch]\n");
        return 64;
    }
    try {
        Step step(
            batch, precision == "float32" ? memory::data_type::f32 : memory::data_type::bf16);
        if (name == "vgg") vgg(step);
        else strided(step, name == "fashion" ? 28 : 32, name == "fashion" ? 1 : 3);
        std::printf("{\"images_per_s\": %.1f}\n", batch / step.seconds);
    } catch (const error &problem) {
        std::fprintf(stderr, "oneDNN: %s\n", problem.what());
        return 1;
    }
}
