using System.Reflection;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Wiring;

/// <summary>The program's name, version and commit.</summary>
public static class ToolIdentity
{
    /// <summary>For run records.</summary>
    public static ToolInfo Info()
    {
        string text =
            typeof(ToolIdentity)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion
            ?? "0.0.0";
        // The SDK writes "version+commit" where it finds a git checkout.
        string[] parts = text.Split('+', 2);
        return new ToolInfo
        {
            Name = "gpu-decode-bench",
            Version = parts[0],
            Commit = parts.Length == 2 ? parts[1] : null,
        };
    }

    /// <summary>For people.</summary>
    public static string Describe()
    {
        ToolInfo info = Info();
        return info.Commit is null ? $"{info.Name} {info.Version}" : $"{info.Name} {info.Version} ({info.Commit})";
    }
}
