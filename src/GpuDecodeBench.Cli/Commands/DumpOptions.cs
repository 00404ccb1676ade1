using System.CommandLine;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The options of <c>verify</c> that write the computation down for other software.</summary>
internal sealed class DumpOptions
{
    private const int DefaultSteps = 8;

    private readonly Option<string?> _directory = CommandOptions.Text(
        "--dump",
        "also write the model and a greedy run from an empty cache as a Hugging Face checkpoint to this folder",
        "DIR"
    );

    private readonly Option<string?> _steps = CommandOptions.Text(
        "--dump-steps",
        $"steps of the greedy run (default: {DefaultSteps})",
        "N"
    );

    public void AddTo(Command command)
    {
        command.Options.Add(_directory);
        command.Options.Add(_steps);
    }

    /// <summary>The folder and the number of steps; null where no dump was asked for.</summary>
    /// <exception cref="InputException">An option is not accepted, or the grid has more than one point.</exception>
    public (string Directory, int Steps)? Read(
        ParseResult parsed,
        ModelShape model,
        IReadOnlyList<PointConditions> points
    )
    {
        string? text = parsed.GetValue(_steps);
        if (parsed.GetValue(_directory) is not string directory)
        {
            return text is null
                ? null
                : throw new InputException($"--dump-steps {text} is given without --dump; give --dump DIR too.");
        }

        int steps = text is null
            ? Math.Min(DefaultSteps, model.MaxContextTokens)
            : ArgumentReader.Count("--dump-steps", text, model.MaxContextTokens);
        return points.Count == 1
            ? (directory, steps)
            : throw new InputException(
                $"--dump writes one checkpoint, but the lists span {points.Count} points; give one format with --weights, one with --kv, one --batch and one --context."
            );
    }
}
