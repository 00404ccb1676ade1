using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>
/// A buffer between operations: one row per sequence, each padded with zeros to a whole line of the narrowest weight format, so
/// that matrix products need no tail.
/// </summary>
internal sealed unsafe class CpuBuffer : IDisposable
{
    /// <summary>Columns of a line of four-bit codes, the longest line.</summary>
    private const int Alignment = 128;

    private readonly NativeBuffer _memory;

    public CpuBuffer(StepBuffer role, int batch, long length)
    {
        Role = role;
        Batch = batch;
        Length = checked((int)length);
        Stride = (Length + Alignment - 1) / Alignment * Alignment;
        _memory = new NativeBuffer((long)batch * Stride * sizeof(float));
        _memory.Clear();
    }

    public StepBuffer Role { get; }

    /// <summary>Rows: sequences, or tokens of experts.</summary>
    public int Batch { get; }

    /// <summary>Whether the rows are those of an assignment to experts rather than sequences.</summary>
    public bool IsByExpert => IsKeptByExpert(Role);

    /// <summary>Whether a buffer has a row for each token and expert, not one for each sequence.</summary>
    public static bool IsKeptByExpert(StepBuffer role) =>
        role is StepBuffer.ExpertGateUp or StepBuffer.ExpertGated or StepBuffer.ExpertOutput;

    /// <summary>Floats of one sequence.</summary>
    public int Length { get; }

    /// <summary>Floats between two sequences.</summary>
    public int Stride { get; }

    public long AllocatedBytes => _memory.Bytes;

    public float* Row(int sequence) => _memory.Floats + ((long)sequence * Stride);

    /// <summary>Overwrites the first values of every row with NaN; the padding stays zero.</summary>
    public void Poison(int length)
    {
        for (int sequence = 0; sequence < Batch; sequence++)
        {
            new Span<float>(Row(sequence), length).Fill(float.NaN);
        }
    }

    /// <summary>The first values of every row, without padding.</summary>
    public float[] Copy(int length)
    {
        var values = new float[Batch * length];
        for (int sequence = 0; sequence < Batch; sequence++)
        {
            new Span<float>(Row(sequence), length).CopyTo(values.AsSpan(sequence * length));
        }

        return values;
    }

    public void Dispose() => _memory.Dispose();
}
