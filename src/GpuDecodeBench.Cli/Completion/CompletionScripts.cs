using System.Reflection;

namespace GpuDecodeBench.Cli.Completion;

/// <summary>The completion scripts of shells. Each hands the line to the program's own <c>[suggest]</c> directive.</summary>
public static class CompletionScripts
{
    /// <summary>The shells that there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "powershell"];

    /// <summary>The script of a shell; lines end with LF.</summary>
    /// <param name="shell">One of <see cref="Shells"/>.</param>
    /// <exception cref="ArgumentException">There is no such script.</exception>
    public static string Of(string shell)
    {
        Assembly assembly = typeof(CompletionScripts).Assembly;
        using Stream script =
            assembly.GetManifestResourceStream($"completion.{shell}")
            ?? throw new ArgumentException($"There is no completion script for {shell}.", nameof(shell));
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
