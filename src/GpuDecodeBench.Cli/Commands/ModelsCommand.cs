using System.CommandLine;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>models</c>: the catalogue, or one model.</summary>
internal sealed class ModelsCommand(CommandContext context)
{
    private readonly Argument<string?> _model = new("model")
    {
        Description = "a model of the catalogue, or the path of a Hugging Face config.json; none lists the catalogue",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "NAME|FILE",
    };

    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "models",
            """
            Shows the catalogue of models, or one model's shape, parameters, bytes and KV per token.

            Examples:
              gpu-decode-bench models
              gpu-decode-bench models llama-3.1-8b
            """
        );
        command.Arguments.Add(_model);
        command.Options.Add(_format);
        command.SetAction(parsed =>
        {
            OutputFormat format = CommandOptions.ReadFormat(parsed, _format);
            string? name = parsed.GetValue(_model);
            new ResultPrinter(context).Table(
                name is null
                    ? ModelTable.List(ModelCatalogue.Entries)
                    : ModelTable.Single(ModelCatalogue.Resolve(name)),
                format
            );
            return ExitCodes.Done;
        });
        return command;
    }
}
