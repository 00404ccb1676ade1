using System.ComponentModel;
using System.Diagnostics;

namespace GpuDecodeBench.Tests.Shared;

/// <summary>Compiles stand-ins for vendors' libraries from C, for the tests alone.</summary>
public static class StandInCompiler
{
    /// <summary>Why nothing can be compiled here; null where it can.</summary>
    public static string? WhyUnavailable { get; } = FindCompiler();

    /// <summary>Compiles one C file into a shared library.</summary>
    /// <param name="sourcePath">The C file.</param>
    /// <param name="libraryPath">Where the library goes.</param>
    /// <param name="definitions">Definitions for the C preprocessor, as gcc takes them.</param>
    public static void Compile(string sourcePath, string libraryPath, params string[] definitions)
    {
        string[] arguments =
        [
            "-shared",
            "-fPIC",
            "-O1",
            "-Wall",
            "-Werror",
            .. definitions,
            "-o",
            libraryPath,
            sourcePath,
        ];
        if (Run(arguments) is string failed)
        {
            throw new InvalidOperationException(failed);
        }
    }

    private static string? FindCompiler()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "stand-ins for vendors' libraries are Linux libraries";
        }

        try
        {
            return Run("--version") is null ? null : "gcc does not run";
        }
        catch (Win32Exception)
        {
            return "gcc, which compiles the stand-ins for vendors' libraries, is not installed";
        }
    }

    /// <summary>What gcc said when it failed; null when it did not.</summary>
    private static string? Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("gcc", arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process gcc = Process.Start(start)!;
        Task<string> output = gcc.StandardOutput.ReadToEndAsync();
        string errors = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        return gcc.ExitCode == 0 ? null : output.Result + errors;
    }
}
