namespace GpuDecodeBench.Backends.Native;

/// <summary>The words of a sentence that says why a library is not to be had.</summary>
internal sealed record NativeLibraryWords
{
    /// <summary>The whole sentence where the operating system has no such library.</summary>
    public required string NoSuchSystem { get; init; }

    /// <summary>What it means that the library is nowhere, as the start of a sentence.</summary>
    public required string NotFound { get; init; }

    /// <summary>What to do then, as the end of a sentence.</summary>
    public required string HowToInstall { get; init; }

    /// <summary>What it means that the library does not load, as the start of a sentence.</summary>
    public required string Broken { get; init; }

    /// <summary>What to do then, as the end of a sentence.</summary>
    public required string HowToRepair { get; init; }
}
