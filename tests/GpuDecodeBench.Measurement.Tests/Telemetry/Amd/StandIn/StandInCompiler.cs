using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Amd.StandIn;

/// <summary>Compiles the C sources of this folder into shared libraries.</summary>
internal static class StandInCompiler
{
    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> Compiled = new(StringComparer.Ordinal);

    /// <summary>Why nothing can be compiled here; null where it can.</summary>
    public static string? WhyUnavailable { get; } = FindCompiler();

    /// <summary>
    /// Writes the library of a source of this folder, compiled with definitions for the preprocessor: once for each set of definitions,
    /// and a copy of it for each test, so that each has variables of its own.
    /// </summary>
    public static void Write(string source, string library, params string[] definitions)
    {
        Lazy<byte[]> compiled = Compiled.GetOrAdd(
            string.Join(' ', [source, .. definitions]),
            _ => new Lazy<byte[]>(() => Compile(source, definitions))
        );
        File.WriteAllBytes(library, compiled.Value);
    }

    private static byte[] Compile(string source, string[] definitions)
    {
        string folder = Directory.CreateTempSubdirectory("amd-stand-in-").FullName;
        try
        {
            string library = Path.Combine(folder, "stand_in.so");
            string[] arguments =
            [
                "-shared",
                "-fPIC",
                "-O1",
                "-Wall",
                "-Werror",
                .. definitions,
                "-o",
                library,
                SourcePath(source),
            ];
            return Run(arguments) is string failed
                ? throw new InvalidOperationException(failed)
                : File.ReadAllBytes(library);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string SourcePath(string source, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, source);

    private static string? FindCompiler()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "the stand-ins for AMD's libraries are Linux libraries";
        }

        try
        {
            return Run("--version") is null ? null : "gcc does not run";
        }
        catch (Win32Exception)
        {
            return "gcc, which compiles the stand-ins for AMD's libraries, is not installed";
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
