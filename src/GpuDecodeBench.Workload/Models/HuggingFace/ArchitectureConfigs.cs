namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>The architectures whose configurations are read.</summary>
internal static class ArchitectureConfigs
{
    /// <summary>All of them, in the order in which they are documented.</summary>
    public static IReadOnlyList<IArchitectureConfig> All { get; } =
    [
        new LlamaConfig(),
        new MistralConfig(),
        new Qwen2Config(),
        new Qwen3Config(),
        new MixtralConfig(),
        new Qwen3MoeConfig(),
        new GptOssConfig(),
        new DeepSeekV3Config(),
        new Gemma2Config(),
        new Gemma3TextConfig(),
        new Gemma3Config(),
        new Phi3Config(),
    ];

    /// <summary>Their names, for messages: <c>llama, mistral, …</c>.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(architecture => architecture.ModelType));

    /// <summary>Reads a configuration of any of the architectures.</summary>
    /// <exception cref="InputException">The architecture is not supported, or its configuration is not accepted.</exception>
    public static ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        string accepted = $"one of {Names}";
        string modelType = config.StringOrNull("model_type", accepted) ?? throw config.Missing("model_type", accepted);
        IArchitectureConfig? found = All.FirstOrDefault(architecture => architecture.ModelType == modelType);
        if (config.Has("text_config") && found?.NestsText != true)
        {
            string nesting = string.Join(", ", All.Where(one => one.NestsText).Select(one => one.ModelType));
            throw config.Error(
                $"model_type {MessageText.Shorten(modelType)} nests its language model in text_config, which is supported for"
                    + $" {nesting} alone; supported without it are {Names}."
            );
        }

        return found is null
            ? throw config.Error(
                $"model_type {MessageText.Shorten(modelType)} is not supported; supported are {Names}."
            )
            : found.Read(config, origin);
    }
}
