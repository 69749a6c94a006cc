inventory-sheet-parameters = Methods
inventory-sheet-methods = What methods need
inventory-field-activity = Activity (id)
inventory-column-method-of = Method (parameter “of”)
inventory-column-method-parameter = Parameter
inventory-column-method-required = Required (!)
refusal-inventory-parameter-activity = Parameters are given for “{ $received }”, which is no activity of the workbook, or without a name of the parameter.
    .mend = Write the id of an activity and the name of a parameter (sheet “What methods need” of the template).
refusal-inventory-stock-missing = The land use “{ $received }” has no carbon stock; given are: { $expected }.
    .mend = Name a factor in kg C/m2 for every use before and after.
refusal-inventory-road-mixed = Trips are calculated by “{ $received }”, the inventory says { $expected }.
    .mend = Use one method for road transport in the whole inventory.
inventory-method-first-order-decay = first-order decay
inventory-method-methane-commitment = methane commitment
inventory-method-composting = composting
inventory-method-digestion = anaerobic digestion
inventory-method-incineration = incineration
inventory-method-open-burning = open burning
inventory-method-wastewater = wastewater
inventory-method-travel = trips
inventory-method-aviation = aviation
inventory-method-railway = railways
inventory-method-refrigerants = mass balance of a fluorinated gas
inventory-method-carbonates = carbonates calcined
inventory-method-livestock = livestock
inventory-method-manure-nitrogen = nitrogen of manure
inventory-method-soils = nitrogen on soils
inventory-method-liming = liming
inventory-method-stock-difference = difference of carbon stocks
inventory-method-land-converted = land converted
inventory-method-plant-report = plant report
inventory-column-way = How it is calculated
inventory-way = { $method } ({ $equations }); { $count ->
    [0] no factors
    [one] { $count } factor
   *[other] { $count } factors
}
inventory-kind-default = default of a method
refusal-inventory-one-way = “{ $received }” is told in both ways, in none, or in half of one; expected: { $expected }.
    .mend = Give the fuel, or how often and how much fuel each time.
