namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Wherein the architectures differ when their rotary position embedding is read.</summary>
internal sealed record RopeRules
{
    /// <summary>The base of the frequencies where <c>rope_theta</c> is absent.</summary>
    public double DefaultTheta { get; init; } = 10_000;

    /// <summary>The values of <c>rope_type</c> that are accepted, in the order in which messages name them.</summary>
    public IReadOnlyList<string> Types { get; init; } = ["default", "linear", "llama3", "yarn", "longrope"];

    /// <summary>Other names of <c>longrope</c> (Phi-3's first files).</summary>
    public IReadOnlyList<string> LongRopeNames { get; init; } = [];

    /// <summary>Whether <c>partial_rotary_factor</c> may leave a part of a head without rotation.</summary>
    public bool PartialHeads { get; init; }

    /// <summary><c>original_max_position_embeddings</c> where it is absent; null: <c>max_position_embeddings</c>.</summary>
    public int? OriginalContextWhenAbsent { get; init; }

    /// <summary>The embedding, but for its base, of a file that says nothing of scaling; null: not scaled.</summary>
    public RopeShape? WhenAbsent { get; init; }

    /// <summary>What holds for most architectures.</summary>
    public static RopeRules Usual { get; } = new();

    /// <summary>The accepted types, for messages.</summary>
    public string TypeNames =>
        Types.Count == 1
            ? $"\"{Types[0]}\""
            : string.Join(", ", Types.SkipLast(1).Select(type => $"\"{type}\"")) + $" or \"{Types[^1]}\"";
}
