using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace BertGen.Generator.Specs;

/// <summary>The message of a check, put together only where the check fails: a compilation passes a hundred thousand of them.</summary>
[InterpolatedStringHandler]
internal readonly ref struct FailureMessage
{
    private readonly StringBuilder? _text;

    /// <param name="literalLength">Characters of the constant parts.</param>
    /// <param name="formattedCount">Number of the other parts.</param>
    /// <param name="holds">The condition that is checked.</param>
    /// <param name="isNeeded">Whether the parts are to be evaluated.</param>
    public FailureMessage(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = isNeeded ? new StringBuilder(literalLength + 12 * formattedCount) : null;
    }

    public void AppendLiteral(string literal) => _text!.Append(literal);

    public void AppendFormatted<T>(T value) =>
        _text!.Append(value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => _text?.ToString() ?? "";
}

/// <summary>What the verifiers of all levels share.</summary>
internal static class Verification
{
    /// <summary>Throws <see cref="InvalidOperationException"/> where the condition does not hold.</summary>
    public static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] FailureMessage message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message.ToString());
        }
    }

    /// <inheritdoc cref="Require(bool, FailureMessage)"/>
    public static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
