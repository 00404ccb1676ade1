namespace GpuDecodeBench.Economics;

/// <summary>The hardware that a cost is for: which device, and how many of them.</summary>
public sealed record HardwareUnits
{
    /// <summary>Some devices of one kind.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="count">How many of them work together.</param>
    /// <param name="threads">CPU threads that the work ran on; null on a GPU.</param>
    /// <exception cref="ArgumentException">The name is blank, or a count is not positive.</exception>
    public HardwareUnits(string device, int count = 1, int? threads = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(device);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (threads <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "At least one thread is required.");
        }

        Device = device;
        Count = count;
        Threads = threads;
    }

    /// <summary>The device's name.</summary>
    public string Device { get; }

    /// <summary>How many of them work together.</summary>
    public int Count { get; }

    /// <summary>CPU threads that the work ran on; null on a GPU.</summary>
    public int? Threads { get; }

    /// <summary>For example <c>1 × NVIDIA H200</c> or <c>1 × Some CPU (8 threads)</c>.</summary>
    public override string ToString() =>
        Threads switch
        {
            null => $"{Count} × {Device}",
            1 => $"{Count} × {Device} (1 thread)",
            _ => $"{Count} × {Device} ({Threads} threads)",
        };
}
