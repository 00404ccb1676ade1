using System.CommandLine;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Completion;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>completion</c>: a shell's completion script.</summary>
internal sealed class CompletionCommand(CommandContext context)
{
    private readonly Argument<string> _shell = new("shell")
    {
        Description = string.Join(", ", CompletionScripts.Shells),
        HelpName = "SHELL",
    };

    public Command Create()
    {
        _shell.CompletionSources.Add([.. CompletionScripts.Shells]);
        var command = new Command(
            "completion",
            """
            Prints a script that makes a shell complete commands, options and their values. docs/commands.md says where each
            shell wants it.

            Examples:
              gpu-decode-bench completion bash
              gpu-decode-bench completion fish
            """
        );
        command.Arguments.Add(_shell);
        command.SetAction(parsed =>
        {
            string shell = ArgumentReader.Choice(
                "completion",
                parsed.GetValue(_shell)!,
                CompletionScripts.Shells,
                name => name
            );
            context.Output.Write(CompletionScripts.Of(shell));
            return ExitCodes.Done;
        });
        return command;
    }
}
