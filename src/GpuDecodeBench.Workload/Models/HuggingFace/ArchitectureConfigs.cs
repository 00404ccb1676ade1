namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>The architectures whose configurations are read.</summary>
internal static class ArchitectureConfigs
{
    /// <summary>All of them, in the order in which they are documented.</summary>
    public static IReadOnlyList<IArchitectureConfig> All { get; } =
    [new LlamaConfig(), new MistralConfig(), new Qwen2Config(), new Qwen3Config()];

    /// <summary>Their names, for messages: <c>llama, mistral, …</c>.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(architecture => architecture.ModelType));

    /// <summary>Reads a configuration of any of the architectures.</summary>
    /// <exception cref="InputException">The architecture is not supported, or its configuration is not accepted.</exception>
    public static ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        string accepted = $"one of {Names}";
        string modelType = config.StringOrNull("model_type", accepted) ?? throw config.Missing("model_type", accepted);
        IArchitectureConfig? found = All.FirstOrDefault(architecture => architecture.ModelType == modelType);
        if (config.Has("text_config"))
        {
            throw config.Error(
                $"model_type {MessageText.Shorten(modelType)} nests its language model in text_config, which is not supported;"
                    + $" supported are configurations without it, of model_type {Names}."
            );
        }

        return found is null
            ? throw config.Error(
                $"model_type {MessageText.Shorten(modelType)} is not supported; supported are {Names}."
            )
            : found.Read(config, origin);
    }
}
