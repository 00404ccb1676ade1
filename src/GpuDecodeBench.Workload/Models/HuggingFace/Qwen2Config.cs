namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>qwen2</c>, Qwen2.5 included: biases always on queries, keys and values and never on the output; 32 KV heads where the key
/// is absent (transformers, <c>configuration_qwen2.py</c>, <c>modeling_qwen2.py</c>).
/// </summary>
internal sealed class Qwen2Config : IArchitectureConfig
{
    /// <inheritdoc/>
    public string ModelType => "qwen2";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin) =>
        DenseDecoder.Read(
            config,
            origin,
            new DenseTraits
            {
                Architecture = ModelArchitecture.Qwen2,
                KvHeadsWhenAbsent = 32,
                QkvBias = true,
                Window = SlidingWindow.OfQwen(config, DenseDecoder.Layers(config)),
            }
        );
}
