using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>route</c> (<c>kernels/route.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct RouteArguments
{
    /// <summary>A logit for each expert.</summary>
    public ulong Logits { get; init; }

    /// <summary>What is added to scores for the choice alone; 0 where there is none.</summary>
    public ulong ChoiceBias { get; init; }

    /// <summary>Receives the chosen experts' numbers.</summary>
    public ulong Experts { get; init; }

    /// <summary>Receives their weights.</summary>
    public ulong Weights { get; init; }

    /// <summary>A factor on the weights.</summary>
    public double Factor { get; init; }

    /// <summary>Elements from one token's logits to the next's.</summary>
    public int Stride { get; init; }

    /// <summary>Experts, up to 512.</summary>
    public int ExpertCount { get; init; }

    /// <summary>Experts that a token chooses, up to 32.</summary>
    public int Slots { get; init; }

    /// <summary>Groups of experts; 1 where they are not grouped.</summary>
    public int Groups { get; init; }

    /// <summary>Groups from which a token chooses.</summary>
    public int GroupsPerToken { get; init; }

    /// <summary>1 for logistic scores, 0 for a softmax.</summary>
    public int Sigmoid { get; init; }

    /// <summary>1 where weights are divided by their sum.</summary>
    public int Normalize { get; init; }
}
