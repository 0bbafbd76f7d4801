namespace BertGen.Generator.Diagnostics;

/// <summary>BG04xx: a declaration and its checkpoint contradict each other.</summary>
internal static class CheckpointRules
{
    public static readonly DiagnosticRule Unreadable = new("BG0401",
        "The checkpoint cannot be read",
        "The checkpoint '{0}' of '{1}' cannot be checked: {2} Correct the folder in <BertGenCheckpoint>, or remove it.");

    public static readonly DiagnosticRule NoSuchModel = new("BG0402",
        "The checkpoint belongs to no model",
        "<BertGenCheckpoint Include=\"{0}\" Model=\"{1}\" /> names no class with an encoder. The models of this project are: {2}.");

    public static readonly DiagnosticRule SettingDiffers = new("BG0403",
        "A setting contradicts the checkpoint",
        "{0} is {1}, but the checkpoint '{2}' says {3} {4}. {5}");

    public static readonly DiagnosticRule LabelsDiffer = new("BG0404",
        "The labels contradict the checkpoint",
        "The labels of '{0}' contradict the checkpoint '{1}': {2}. Declare the checkpoint's labels, with [Label(\"…\")] where a name is no identifier.");

    public static readonly DiagnosticRule WeightsMissing = new("BG0405",
        "The checkpoint lacks weights of the model",
        "The checkpoint '{0}' lacks {1} of {2}, such as '{3}'. {4}");

    public static readonly DiagnosticRule ShapeDiffers = new("BG0406",
        "A weight of the checkpoint has another shape",
        "Weight '{0}' in the checkpoint '{1}' has shape {2}; the model declares {3}. Correct the declaration, or choose another checkpoint.");

    public static readonly DiagnosticRule UndeclaredWeights = new("BG0407",
        "The checkpoint has encoder weights that the model does not declare",
        "The checkpoint '{0}' has {1} of the encoder that '{2}' does not declare, such as '{3}'; they would be left out. Choose a checkpoint of a plain BERT.");

    public static readonly DiagnosticRule TypeDiffers = new("BG0408",
        "A weight of the checkpoint has a type that is not read",
        "Weight '{0}' in the checkpoint '{1}' has the dtype {2}; weights are read from F32, F16 and BF16. Save the checkpoint in one of them.");

    public static readonly DiagnosticRule TiedWeightDiffers = new("BG0409",
        "A tied weight is stored a second time, and differs",
        "Weight '{0}' in the checkpoint '{1}' is {2}, and '{3}', to which the model ties it, is {4}. Save the checkpoint with tied weights, or choose another one.");

    public static IEnumerable<DiagnosticRule> All =>
        [Unreadable, NoSuchModel, SettingDiffers, LabelsDiffer, WeightsMissing, ShapeDiffers, UndeclaredWeights, TypeDiffers, TiedWeightDiffers];
}
