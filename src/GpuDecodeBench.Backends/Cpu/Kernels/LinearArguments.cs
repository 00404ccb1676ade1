namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Inputs and outputs of a matrix product <c>y = W x (+ bias)</c> for a batch.</summary>
internal readonly unsafe struct LinearArguments
{
    /// <summary>Inputs, one row per sequence, zeros from the last column to the end of the last line.</summary>
    public required float* Input { get; init; }

    /// <summary>Floats between two sequences' inputs; a multiple of sixteen.</summary>
    public required long InputStride { get; init; }

    /// <summary>Outputs, one row per sequence.</summary>
    public required float* Output { get; init; }

    /// <summary>Floats between two sequences' outputs.</summary>
    public required long OutputStride { get; init; }

    /// <summary>A bias for each row, or null.</summary>
    public required float* Bias { get; init; }

    /// <summary>Sequences.</summary>
    public required int Batch { get; init; }
}
