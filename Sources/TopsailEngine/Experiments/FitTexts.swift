/// Plain texts on everyday matters, to see whether an SAE reconstructs what a model makes of ordinary language.
enum FitTexts {
    static let all = [
        "The ferry leaves the harbour at seven in the morning and reaches the island a little before nine. In winter there is "
            + "one crossing a day, and when the wind is strong the captain waits until the sea has calmed.",
        "To bake a simple loaf, mix flour, water, salt and yeast, knead the dough for ten minutes, and let it rise in a warm "
            + "place until it has doubled. How long should it stay in the oven, and at what temperature?",
        "A prime number has exactly two divisors, one and itself. The numbers 2, 3, 5, 7 and 11 are prime; 9 is not, because "
            + "it can be divided by 3. There are infinitely many of them, which Euclid showed more than two thousand years ago.",
        "Dear Mrs Keller, thank you for your letter of 4 March. We have looked into the delay and found that the parcel was "
            + "sent to the wrong depot. A new one is on its way and will be with you by Friday.",
    ]
}
