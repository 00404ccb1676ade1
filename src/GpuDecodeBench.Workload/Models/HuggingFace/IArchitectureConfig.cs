namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Reads the configuration of one architecture. A new architecture is a new class, listed in <see cref="ArchitectureConfigs"/>.</summary>
internal interface IArchitectureConfig
{
    /// <summary>The <c>model_type</c> that it reads.</summary>
    string ModelType { get; }

    /// <summary>Whether its language model is an object of its own, <c>text_config</c>.</summary>
    bool NestsText => false;

    /// <summary>The shape that the configuration describes.</summary>
    /// <param name="config">The top of the configuration.</param>
    /// <param name="origin">What else is known of the model.</param>
    /// <exception cref="InputException">A key is missing or its value is not accepted.</exception>
    ModelShape Read(ConfigObject config, ConfigOrigin origin);
}
