namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>What a test of memory found: words of 8 bytes that tell where they belong were written everywhere, then read back.</summary>
public sealed record MemoryTestResult
{
    /// <summary>What was free before, in bytes; null where the device does not tell.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>What the test set out to cover, in bytes.</summary>
    public required long WantedBytes { get; init; }

    /// <summary>What could be allocated, in bytes.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>What was written and read back in every pass that was made, in bytes.</summary>
    public required long TestedBytes { get; init; }

    /// <summary>Passes over it; in the second all bits are inverted.</summary>
    public required int Passes { get; init; }

    /// <summary>Words that were wrong, in all passes together.</summary>
    public long WrongWords { get; init; }

    /// <summary>Where the first wrong word of the first pass that had one stood, in bytes from the test's beginning; null where none was wrong.</summary>
    public long? FirstWrongByte { get; init; }

    /// <summary>What should have stood there.</summary>
    public ulong FirstExpected { get; init; }

    /// <summary>What stood there.</summary>
    public ulong FirstRead { get; init; }

    /// <summary>Every bit that was wrong in some word.</summary>
    public ulong WrongBits { get; init; }

    /// <summary>Where the first wrong word's content belongs, in bytes from the test's beginning; null unless it is another place's word.</summary>
    public long? FirstBelongsAtByte { get; init; }

    /// <summary>Whether the time limit left memory untested.</summary>
    public bool EndedByLimit { get; init; }

    /// <summary>Seconds that the test took.</summary>
    public required double Seconds { get; init; }
}
