using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Cli.Arguments;

namespace GpuDecodeBench.Cli.Output;

/// <summary>What was wrong with a command line, in one sentence, with the name that may have been meant.</summary>
internal static class ParseErrorText
{
    public static string Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string page = command is RootCommand ? "gpu-decode-bench --help" : $"gpu-decode-bench {PathOf(parsed)} --help";
        if ((OptionAmongArguments(parsed) ?? FirstUnmatched(parsed)) is not string first)
        {
            if (parsed.Errors.Count == 0 && GivenOptions.OfCommandAbove(parsed) is (string option, string above))
            {
                string owner = above == parsed.RootCommandResult.Command.Name ? "the program itself" : above;
                return $"{option} stands before {command.Name} and is an option of {owner}; {command.Name} does not read it. Give options of {command.Name} behind its name. See {page}.";
            }

            return $"{string.Join(" ", parsed.Errors.Select(error => error.Message).Distinct())} See {page}.";
        }

        bool isOption = first.StartsWith('-');
        bool takesCommands = command.Subcommands.Count > 0 && !isOption;
        string what =
            isOption ? $"'{first}' is no option{(command is RootCommand ? "" : $" of {PathOf(parsed)}")}"
            : takesCommands ? $"'{first}' is no command{(command is RootCommand ? "" : $" of {PathOf(parsed)}")}"
            : $"'{first}' is one argument too many for {PathOf(parsed)}";
        string? meant =
            isOption ? NearestName.Of(first, OptionNames(parsed))
            : takesCommands ? NearestName.Of(first, command.Subcommands.Select(one => one.Name))
            : null;
        return meant is null ? $"{what}. See {page}." : $"{what}; did you mean {meant}? See {page}.";
    }

    /// <summary>
    /// An option that the command does not know and that was taken for one of its arguments, as a command that takes many does; null
    /// where there is none. What follows <c>--</c> is an argument, whatever it begins with.
    /// </summary>
    public static string? OptionAmongArguments(ParseResult parsed)
    {
        HashSet<string> before =
        [
            .. parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value),
        ];
        return parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .FirstOrDefault(value => value.StartsWith("--", StringComparison.Ordinal) && before.Contains(value));
    }

    private static string? FirstUnmatched(ParseResult parsed) =>
        parsed.UnmatchedTokens is [string first, ..] ? first : null;

    /// <summary>The command with those above it, for example <c>cost calibrate</c>.</summary>
    private static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult result; at = at.Parent)
        {
            if (result.Command is not RootCommand)
            {
                names.Push(result.Command.Name);
            }
        }

        return string.Join(' ', names);
    }

    /// <summary>The options of the command, and those above it that hold everywhere.</summary>
    private static IEnumerable<string> OptionNames(ParseResult parsed)
    {
        bool isOwn = true;
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult result; at = at.Parent)
        {
            foreach (Option option in result.Command.Options.Where(option => isOwn || option.Recursive))
            {
                yield return option.Name;
                foreach (string alias in option.Aliases)
                {
                    yield return alias;
                }
            }

            isOwn = false;
        }
    }
}
