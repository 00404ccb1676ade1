using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Arguments;

/// <summary>Options that were given on the command line, and the refusal of those that would change nothing.</summary>
internal static class GivenOptions
{
    /// <summary>Whether an option stands on the command line, whatever its default.</summary>
    public static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Refuses the first of some options that was given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="why">Why it would change nothing and what to do, as the rest of the sentence that its name begins.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="InputException">One of them was given.</exception>
    public static void Refuse(ParseResult parsed, string why, params IEnumerable<Option> options)
    {
        if (options.FirstOrDefault(option => IsGiven(parsed, option)) is Option option)
        {
            throw new InputException($"{Text(parsed, option)} {why}");
        }
    }

    /// <summary>
    /// An option of a command above the one that was called: it stands before the name of the called one, which does not read it. Null
    /// where there is none.
    /// </summary>
    public static (string Option, string Command)? OfCommandAbove(ParseResult parsed)
    {
        for (SymbolResult? at = parsed.CommandResult.Parent; at is CommandResult above; at = at.Parent)
        {
            OptionResult? stray = above
                .Children.OfType<OptionResult>()
                .FirstOrDefault(result => result is { Implicit: false, Option.Recursive: false });
            if (stray is not null)
            {
                return (stray.Option.Name, above.Command.Name);
            }
        }

        return null;
    }

    /// <summary>For example <c>--gpu 'h200'</c>.</summary>
    private static string Text(ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Tokens.Count: > 0 } result
            ? $"{option.Name} '{string.Join(' ', result.Tokens.Select(token => token.Value))}'"
            : option.Name;
}
