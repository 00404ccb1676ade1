namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>The architectures whose checkpoints are written.</summary>
internal static class ArchitectureCheckpoints
{
    /// <summary>All of them, in the order in which they are documented.</summary>
    public static IReadOnlyList<IArchitectureCheckpoint> All { get; } =
    [
        new LlamaCheckpoint(),
        new MistralCheckpoint(),
        new Qwen2Checkpoint(),
        new Qwen3Checkpoint(),
        new MixtralCheckpoint(),
        new Qwen3MoeCheckpoint(),
        new GptOssCheckpoint(),
        new DeepSeekV3Checkpoint(),
        new Gemma2Checkpoint(),
        new Gemma3Checkpoint(),
        new Phi3Checkpoint(),
    ];

    /// <summary>The one for a model.</summary>
    /// <exception cref="InputException">There is none for its architecture.</exception>
    public static IArchitectureCheckpoint Of(ModelShape model) =>
        All.FirstOrDefault(checkpoint => checkpoint.Architecture == model.Architecture)
        ?? throw new InputException(
            $"{model.Name} cannot be written as a checkpoint: its architecture is {Name(model.Architecture)}, and supported are"
                + $" {string.Join(", ", All.Select(checkpoint => Name(checkpoint.Architecture)))}."
        );

    private static string Name(ModelArchitecture architecture) =>
        Enum.IsDefined(architecture) ? architecture.ModelType() : architecture.ToString();
}
