namespace GpuDecodeBench.Cli;

/// <summary>What the program tells the shell.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The measurement or a check failed, or a result could not be kept.</summary>
    public const int Failed = 1;

    /// <summary>Something given was wrong.</summary>
    public const int BadInput = 2;

    /// <summary>The device, or a part of it, is not available.</summary>
    public const int Unavailable = 3;

    /// <summary>Interrupted; what was measured is saved.</summary>
    public const int Interrupted = 130;
}
